"""
All packaged editions as one page: what each asks, with limit, target, clause and tag.

The page is written from the TOML files alone, so it cannot say anything they do not.
"""

from __future__ import annotations

from collections import Counter

from lifecircle.standards.describe import describe
from lifecircle.standards.load import load_standard, packaged_standards
from lifecircle.standards.model import FacilityType, Standard

TAG_WORDS = {
    "V": ("已读文本", "read in a text"),
    "C": ("有旁证，须核对", "corroborated, needs check"),
    "R": ("凭记忆，须核对", "recalled, needs check"),
    "P": ("本项目建议", "proposal of this project"),
    "N": ("未公布", "not published"),
}
"""What the tags of evidence mean, in Chinese and English."""
SETTING_WORDS = {"own": "应独立占地", "own_preferred": "宜独立占地", "joint": "可联合建设"}
"""What a text says of a facility's own site."""

_HEAD = """\
# Standards 标准

The packaged editions, written from `src/lifecircle/standards/*.toml`; a test fails when this page
is out of date. `lifecircle standards NAME` prints the same with the sources. The first tag of a row
is that of its limit; others follow with their field.

本页由标准文件自动生成；标记说明数值的依据强弱，用于法定规划前须核对正式文本。

| tag | 依据 | evidence |
| --- | --- | --- |
"""


def evidence_counts(standard: Standard) -> dict[str, int]:
    """
    Count how many limits and norms of a standard stand on what.

    Parameters
    ----------
    standard
        The standard.

    Returns
    -------
    counts
        Tag to the number of requirements and norms whose number carries it, in the order of
        `TAG_WORDS`; tags nobody carries are left out.

    Examples
    --------
    >>> from lifecircle.standards import evidence_counts, load_standard
    >>> evidence_counts(load_standard("basic"))
    {'P': 8}
    """
    tags = Counter(str(row["tag"]) for row in describe(standard, "en"))
    return {tag: tags[tag] for tag in TAG_WORDS if tags[tag]}


def standards_page() -> str:
    """
    Write the page of all packaged editions.

    Returns
    -------
    page
        Markdown, as it stands in ``docs/standards.md``.

    Examples
    --------
    >>> from lifecircle.standards import standards_page
    >>> standards_page().splitlines()[0]
    '# Standards 标准'
    """
    lines = [_HEAD.rstrip("\n")]
    lines += [f"| {tag} | {zh} | {en} |" for tag, (zh, en) in TAG_WORDS.items()]
    known: dict[str, FacilityType] = {}
    kinds: list[tuple[str, FacilityType]] = []
    for name in packaged_standards():
        standard = load_standard(name)
        lines += _edition(standard)
        fresh = [kind for kind in standard.types if known.get(kind.id) != kind]
        kinds += [(name if kind.id in known else "", kind) for kind in fresh]
        known.update({kind.id: kind for kind in fresh if kind.id not in known})
    lines += ["", "## Facility types 设施类型", ""]
    lines += ["Sizes are the least of a new one; an edition is named where its own differ."]
    lines += ["Types recognised by rules of the standard show them; the others are known to the"]
    lines += [
        "general rules of names and tags. Land codes are of the 2023 classification, the rural"
    ]
    lines += ["one behind the stroke; which one a new facility takes is a proposal (P).", ""]
    lines += _table(
        [
            *("type", "设施", "facility", "edition", "floor m²", "site m²", "setting", "land code"),
            "recognised by",
        ],
        [_kind(edition, kind) for edition, kind in sorted(kinds, key=lambda one: one[1].id)],
    )
    return "\n".join(lines) + "\n"


def _edition(standard: Standard) -> list[str]:
    counts = ", ".join(
        f"{count} {tag} ({TAG_WORDS[tag][1]})" for tag, count in evidence_counts(standard).items()
    )
    english = {row["requirement"]: row for row in describe(standard, "en")}
    asked = {one.id: one for one in standard.requirements}
    rows = []
    for row in describe(standard, "zh"):
        name = str(row["requirement"])
        where = asked[name].where if name in asked else None
        target, others = row["target_share"], row["others"]
        others = others if isinstance(others, dict) else {}
        rows.append(
            [
                f"`{name}`",
                str(row["label"]),
                str(english[name]["label"]),
                str(english[name]["limit"]),
                f"{row['group']}{'' if where is None else f', {where}'}",
                {"must": "▲", "as_needed": "△"}[str(row["obligation"])]
                + (" quality" if row["view"] == "quality" else ""),
                f"{target:.0%} {row['target_tag']}" if isinstance(target, float) else "",
                str(row["clause"]),
                str(row["tag"]) + "".join(f", {field} {tag}" for field, tag in others.items()),
            ]
        )
    checkup = " An annual check-up: a run writes `tables/checkup.csv`." if standard.checkup else ""
    return [
        "",
        f"## `{standard.name}` {standard.title_zh}",
        "",
        f"{standard.title_en}. Limits: {counts}.{checkup}",
        "",
        *_table(
            ["id", "要求", "requirement", "limit", "group", "▲△", "target", "clause", "tag"], rows
        ),
        *(["", *(f"- {note}" for note in standard.notes)] if standard.notes else []),
    ]


def _kind(edition: str, kind: FacilityType) -> list[str]:
    tags = {item.field: item.tag for item in kind.evidence}
    rules = [" ".join(f"{key}={value}" for key, value in one.items()) for one in kind.tags]
    rules += [*kind.names, *kind.codes]
    sizes = [
        "" if size is None else f"{size:g} {tags[field]}"
        for field, size in (
            ("floor_min_m2", kind.floor_min_m2),
            ("site_min_m2", kind.site_min_m2),
        )
    ]
    told = "; ".join(f"`{rule}`" for rule in rules)
    setting = "" if kind.setting is None else f"{SETTING_WORDS[kind.setting]} {tags['setting']}"
    codes = " / ".join(code for code in (kind.land_code_2023, kind.land_code_rural) if code)
    label = (f"`{kind.id}`", kind.label_zh, kind.label_en)
    return [*label, edition, *sizes, setting, codes, told]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
