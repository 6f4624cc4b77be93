"""The front of the report: what stands below its title, and the findings in a few sentences."""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.report.figures import share_bars
from lifecircle.outputs.report.parts import Writer
from lifecircle.outputs.report.tables import by_requirement
from lifecircle.outputs.sentences import UNLIVED
from lifecircle.outputs.siblings import counted_once


def title_lines(content: Content, names: Names) -> list[str]:
    """
    Say below the title what the report is, by which standard, and who may see it.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    lines
        One below the other.
    """
    standard = getattr(content.standard, f"title_{names.language}")
    lines = [
        names.say(
            "公共服务设施可达性评价与补短板方案", "Access to public services: gaps and remedies"
        ),
        names.say(f"评价标准：{standard}", f"Standard: {standard}"),
        names.label("release", content.release),
    ]
    if content.release == "public" or content.secrecy or content.map_approval:
        secrecy, number = content.secrecy or "　　", content.map_approval or "　　"
        lines.append(
            names.say(
                f"密级：{secrecy}　　审图号：{number}",
                f"Secrecy level: {secrecy}    Map approval number: {number}",
            )
        )
    return lines


def write_summary(writer: Writer, content: Content, names: Names) -> None:
    """
    Write the first chapter: what was found, in four sentences, a picture and a table.

    Parameters
    ----------
    writer
        The document.
    content
        What the run has to show.
    names
        Its words.
    """
    say = names.say
    writer.heading(say("1 结论", "1 Findings"))
    gaps, index = content.real_gaps, content.index
    once = counted_once(content.standard, gaps)
    whole = index[index["level"] == "study"]
    people = whole["people"].dropna()
    counted = say("人", "people") if content.people_known else say("处住宅", "homes")
    communities = len(content.communities)
    writer.text(
        say(
            f"评价范围共 {communities} 个社区（村）"
            + (f"，{people.iloc[0]:,.0f} {counted}" if len(people) else "")
            + "。",
            f"{communities} communities"
            + (f" with {people.iloc[0]:,.0f} {counted}" if len(people) else "")
            + " were evaluated.",
        ),
        say(*UNLIVED)
        if content.unlived
        else say(
            f"底线口径下应配建要求的短板共 {len(gaps)} 条"
            + f"（同一规则的时间款与距离款合计为一项，共 {once} 项）" * (once < len(gaps))
            + f"，涉及 {gaps['community_id'].nunique()} 个社区。",
            f"Required items fall short {len(gaps)} times"
            + f" ({once} where two clauses of one rule count once)" * (once < len(gaps))
            + f", in {gaps['community_id'].nunique()} communities.",
        ),
        say(
            f"另有 {len(content.gaps) - len(gaps)} 条因设施数据不足无法判断，不计为短板。",
            f"{len(content.gaps) - len(gaps)} more cannot be judged for want of data and are not"
            " counted.",
        )
        * (len(content.gaps) > len(gaps)),
        say(
            f"提出建议选址 {len(content.sites)} 处、项目 {len(content.projects)} 个。",
            f"{len(content.sites)} sites and {len(content.projects)} projects are proposed.",
        ),
    )
    writer.picture(share_bars(content, names))
    writer.table(by_requirement(content, names))
