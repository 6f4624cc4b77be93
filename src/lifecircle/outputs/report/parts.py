"""
Headings, paragraphs, tables, pictures and captions of a Word document.

Captions are numbered by Word's own fields, headings are its own styles, and a table is filled from
the same blocks as the workbook's sheets.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docx import Document
from docx.document import Document as Page
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from lifecircle.outputs.printing import Picture, printable
from lifecircle.outputs.report.docx_tables import docx_row, shown, widths_of
from lifecircle.outputs.workbook.grid import Block

_FONTS = {"zh": ("Times New Roman", "宋体", "黑体"), "en": ("Calibri", "宋体", "黑体")}
_TEXT_CM = 16.0
_WIDE_CM = 24.7
_LONGEST_TITLE = 200  # Word's properties take 255 characters


@dataclass(frozen=True, kw_only=True)
class Writer:
    """
    A Word document that is being written.

    Parameters
    ----------
    page
        The document.
    language
        ``zh`` or ``en``.
    headings
        What has been headed so far: level and text.
    numbers
        Tables and figures so far.
    """

    page: Page
    language: str
    headings: list[tuple[int, str]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def new(cls, language: str, *, title: str) -> Writer:
        """
        Begin a document: A4, fonts named for Chinese and Latin, no author and no date.

        Parameters
        ----------
        language
            ``zh`` or ``en``.
        title
            For the document's properties.

        Returns
        -------
        writer
            With nothing in it yet.
        """
        page = Document()
        latin, body, head = _FONTS[language]
        for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Caption"):
            one = page.styles[name]
            one.font.name = latin
            fonts = one.element.get_or_add_rPr().get_or_add_rFonts()
            for key in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(key), None)
            fonts.set(qn("w:ascii"), latin)
            fonts.set(qn("w:hAnsi"), latin)
            fonts.set(qn("w:eastAsia"), body if name in ("Normal", "Caption") else head)
            one.font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
        page.styles["Normal"].font.size = Pt(10.5)
        page.styles["Normal"].paragraph_format.line_spacing = 1.35
        page.styles["Normal"].paragraph_format.space_after = Pt(4)
        page.styles["Heading 1"].font.size = Pt(15)
        page.styles["Heading 2"].font.size = Pt(12)
        page.styles["Caption"].font.size = Pt(9)
        section = page.sections[0]
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2.4)
        page.core_properties.title = printable(title)[:_LONGEST_TITLE]
        for name in ("author", "last_modified_by", "comments", "keywords"):
            setattr(page.core_properties, name, "")
        return cls(page=page, language=language)

    def title(self, text: str, under: Sequence[str]) -> None:
        """
        Write the title and the lines under it.

        Parameters
        ----------
        text
            The title.
        under
            One line each.
        """
        self.page.add_paragraph(printable(text), style="Title")
        for line in under:
            self.page.add_paragraph(printable(line), style="Subtitle")

    def contents(self, heading: str) -> Paragraph:
        """
        Leave a place for the table of contents; `fill_contents` fills it at the end.

        Parameters
        ----------
        heading
            What stands above it.

        Returns
        -------
        place
            The paragraph it will stand in.
        """
        self.page.add_paragraph(printable(heading)).runs[0].bold = True
        return self.page.add_paragraph()

    def fill_contents(self, place: Paragraph) -> None:
        """
        Put the headings into the table of contents, so that it reads well before Word updates it.

        Parameters
        ----------
        place
            What `contents` gave.
        """
        _field(
            place,
            r'TOC \o "1-2" \h \z \u',
            "\n".join("    " * (level - 1) + text for level, text in self.headings),
        )

    def heading(self, text: str, level: int = 1) -> None:
        """
        Write a heading.

        Parameters
        ----------
        text
            The heading, with its number.
        level
            1 or 2.
        """
        self.headings.append((level, printable(text)))
        self.page.add_heading(printable(text), level=level)

    def text(self, *sentences: str) -> None:
        """
        Write a paragraph.

        Parameters
        ----------
        sentences
            Put together as the language does.
        """
        joined = ("" if self.language == "zh" else " ").join(
            printable(one) for one in sentences if one
        )
        paragraph = self.page.add_paragraph(joined)
        if self.language == "zh":
            paragraph.paragraph_format.first_line_indent = Pt(21)

    def points(self, lines: Sequence[str]) -> None:
        """
        Write a list.

        Parameters
        ----------
        lines
            One point each.
        """
        for line in lines:
            self.page.add_paragraph(printable(line), style="List Bullet")

    def picture(self, picture: Picture, *, width_cm: float = _TEXT_CM) -> None:
        """
        Place a picture with its caption below.

        Parameters
        ----------
        picture
            The picture.
        width_cm
            How wide [cm].
        """
        paragraph = self.page.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run()
        shape = run.add_picture(io.BytesIO(picture.png), width=Cm(width_cm))
        # Who cannot see it hears what it shows.
        shape._inline.docPr.set("descr", printable(picture.caption))
        self._caption("图" if self.language == "zh" else "Figure", picture.caption)

    def table(self, block: Block, columns: Sequence[int] | None = None) -> None:
        """
        Write a table with its caption above.

        Parameters
        ----------
        block
            A table of the workbook.
        columns
            Which of its fields, by place; None for all.
        """
        chosen = list(range(len(block.fields))) if columns is None else list(columns)
        fields = [block.fields[place] for place in chosen]
        self._caption("表" if self.language == "zh" else "Table", block.title, above=True)
        if not block.rows:
            self.text(block.empty)
            return
        rows = [
            [shown(row[place], block.fields[place].form, self.language) for place in chosen]
            for row in block.rows
        ]
        heads = [one.heading.replace("\n", " ") for one in fields]
        table = self.page.add_table(rows=0, cols=len(fields), style="Table Grid")
        table.autofit = False
        section = self.page.sections[-1]
        wide = section.orientation == WD_ORIENT.LANDSCAPE
        widths = widths_of(heads, rows, _WIDE_CM if wide else _TEXT_CM)
        for place, width in enumerate(widths):
            table.columns[place].width = Cm(width)
        numeric = [one.form not in ("text", "wide", "prose", "grade") for one in fields]
        body = table._tbl
        body.append(docx_row(heads, widths, [False] * len(fields), head=True))
        first_total = len(rows) - block.totals
        for number, row in enumerate(rows):
            body.append(docx_row(row, widths, numeric, bold=number >= first_total))
        self.page.add_paragraph()

    def landscape(self, *, on: bool) -> None:
        """
        Turn the page from here on.

        Parameters
        ----------
        on
            Whether wide.
        """
        section = self.page.add_section()
        long, short = (
            max(section.page_width, section.page_height),
            min(section.page_width, section.page_height),
        )
        section.orientation = WD_ORIENT.LANDSCAPE if on else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if on else (short, long)

    def save(self, path: Path) -> None:
        """
        Write the document; the same document gives the same bytes.

        Parameters
        ----------
        path
            The ``.docx`` file.
        """
        packed = io.BytesIO()
        self.page.save(packed)
        with zipfile.ZipFile(packed) as given, zipfile.ZipFile(path, "w") as undated:
            for name in given.namelist():
                part = zipfile.ZipInfo(name)
                part.compress_type = zipfile.ZIP_DEFLATED
                undated.writestr(part, given.read(name))

    def _caption(self, kind: str, text: str, *, above: bool = False) -> None:
        number = self.numbers.get(kind, 0) + 1
        self.numbers[kind] = number
        paragraph = self.page.add_paragraph(style="Caption")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = above
        paragraph.add_run(f"{kind} ")
        _field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
        paragraph.add_run(f"  {printable(text)}")


def _field(paragraph: Paragraph, code: str, shown: str) -> None:
    for kind in ("begin", None, "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = shown
            continue
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = code
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
