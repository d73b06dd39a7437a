"""The columns of the workbook, built from the edition's dossier form: what each is called, and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from core.contests.values import EditionView
from core.entries.forms import questions
from core.kernel.text import fold
from core.plugin_api import AuthorRole, FieldKind, Text

ENTRIES = Text("Hồ sơ", "Dossiers")
PEOPLE = Text("Tác giả", "Authors")
LISTS = Text("Danh mục", "Lists")
HELP = Text("Hướng dẫn", "Help")
EXAMPLE = "VÍ DỤ"
ROLES = (
    (str(AuthorRole.CO_CHIEF), Text("Đồng tác giả chính", "Co-chief author")),
    (str(AuthorRole.MEMBER), Text("Đồng tác giả", "Co-author")),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `path` is where its value stands in the dossier schema, `key` in the row.

    `choices` are pairs (value, word).
    """

    key: str
    label: Text
    kind: FieldKind
    path: str
    help: Text
    example: Text
    needed: bool = False
    choices: tuple[tuple[str, Text], ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """What the column may be called in a workbook: its label in both languages; a title simply "Tên hồ sơ" too."""
        own = (self.label.vi, self.label.in_("en"))
        return (*own, "Tên hồ sơ", "Tên") if self.key == "title" else own


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of both sheets of an edition's workbook."""

    entries: tuple[Column, ...]
    people: tuple[Column, ...]


def layout_of(edition: EditionView, *, is_paper: bool = False) -> Layout:
    """The columns for `edition`; an import of paper dossiers needs no address of mail."""
    return Layout(tuple(_distinct(_entry_columns(edition, is_paper=is_paper))), _PEOPLE_COLUMNS)


def column_at(columns: tuple[Column, ...], path: str) -> Column | None:
    """The column of a path of the dossier schema, or of the nearest part above it."""
    while path:
        found = next((one for one in columns if one.path == path), None)
        if found is not None:
            return found
        path = path.rpartition(".")[0]
    return None


def heading_key(words: str) -> str:
    """What two headings that mean the same column have in common."""
    return " ".join(fold(words).replace("*", " ").split())


def _entry_columns(edition: EditionView, *, is_paper: bool) -> list[Column]:
    entry = edition.rules.terms().entry
    found = [
        _KEY,
        Column(
            "title",
            Text(f"Tên {entry.vi}", "Title"),
            FieldKind.TEXT,
            "title",
            Text("Viết đủ, không viết tắt.", "In full."),
            Text("Máy sấy chè dùng năng lượng mặt trời", "Solar tea dryer"),
            needed=True,
        ),
    ]
    known = tuple((one.key, one.name) for one in edition.rules.entry_fields())
    if known:
        pick = Text("Chọn trong danh sách.", "Choose from the list.")
        found.append(
            Column(
                "field",
                Text("Lĩnh vực", "Field"),
                FieldKind.CHOICE,
                "field",
                pick,
                known[0][1],
                choices=known,
            )
        )
    found += [_UNIT, _CHIEF, _YEAR, _WORKPLACE, _EMAIL_FREE if is_paper else _EMAIL, _PHONE]
    found += [
        Column(
            f"facts.{one.key}",
            one.label,
            one.kind,
            f"facts.{one.key}",
            one.help or Text(""),
            _EXAMPLES.get(one.kind, Text("")),
            choices=tuple((choice.key, choice.name) for choice in one.choices),
        )
        for one in questions(edition)
        if one.kind not in (FieldKind.FILES, FieldKind.TABLE)  # a table is filled in on its page
    ]
    return found


def _distinct(columns: list[Column]) -> list[Column]:
    """No two columns under one heading: a question that is called like a column of ours gets a mark."""
    seen: set[str] = set()
    made = []
    for one in columns:
        label = one.label
        while heading_key(label.vi) in seen:
            label = Text(f"{label.vi} (mục hồ sơ)", f"{label.in_('en')} (question)")
        seen.add(heading_key(label.vi))
        made.append(
            Column(one.key, label, one.kind, one.path, one.help, one.example, one.needed, one.choices)
        )
    return made


_KEY = Column(
    "key",
    Text("Mã dòng", "Row key"),
    FieldKind.TEXT,
    "",
    Text(
        "Số thứ tự hoặc mã của đơn vị, mỗi hồ sơ một mã. Nhập lại tệp có cùng mã thì không tạo hồ sơ thứ hai.",
        "A number or code of your own, one a dossier. A file with the same keys makes nothing twice.",
    ),
    Text("01"),
    needed=True,
)
_UNIT = Column(
    "unit",
    Text("Đơn vị", "Unit"),
    FieldKind.TEXT,
    "unit",
    Text("Chọn trong danh sách, để trống nếu không có.", "Choose from the list; empty for none."),
    Text(""),
)
_CHIEF = Column(
    "chief",
    Text("Tác giả chính", "Chief author"),
    FieldKind.TEXT,
    "authors.0.name",
    Text("Họ và tên đầy đủ.", "Full name."),
    Text("Nguyễn Thị Hoa"),
    needed=True,
)
_YEAR = Column(
    "birth_year",
    Text("Năm sinh", "Year of birth"),
    FieldKind.TEXT,
    "authors.0.birth_year",
    Text("Bốn chữ số.", "Four digits."),
    Text("1985"),
)
_WORKPLACE = Column(
    "workplace",
    Text("Nơi công tác", "Workplace"),
    FieldKind.TEXT,
    "authors.0.workplace",
    Text("Cơ quan, doanh nghiệp hoặc nơi ở.", "Employer or residence."),
    Text("Hợp tác xã chè Tân Cương"),
)
_EMAIL = Column(
    "email",
    Text("Thư điện tử", "E-mail"),
    FieldKind.TEXT,
    "email",
    Text("Người này được mời vào hoàn thiện hồ sơ.", "This person is invited to complete the dossier."),
    Text("hoa@example.vn"),
    needed=True,
)
_EMAIL_FREE = Column(
    _EMAIL.key, _EMAIL.label, _EMAIL.kind, _EMAIL.path, Text("Nếu có.", "If any."), _EMAIL.example
)
_PHONE = Column(
    "phone",
    Text("Điện thoại", "Telephone"),
    FieldKind.TEXT,
    "phone",
    Text("Giữ số 0 ở đầu.", "With the leading zero."),
    Text("0912345678"),
)
_PEOPLE_COLUMNS = (
    Column(
        "key",
        Text("Mã dòng", "Row key"),
        FieldKind.TEXT,
        "",
        Text("Mã dòng của hồ sơ ở trang “Hồ sơ”.", "The dossier's row key."),
        Text("01"),
        needed=True,
    ),
    Column(
        "name",
        Text("Họ và tên", "Full name"),
        FieldKind.TEXT,
        "name",
        Text("Tác giả khác ngoài tác giả chính.", "Authors besides the chief."),
        Text("Trần Văn Nam"),
        needed=True,
    ),
    Column(
        "role",
        Text("Vai trò", "Role"),
        FieldKind.CHOICE,
        "role",
        Text("Để trống là đồng tác giả.", "Empty means co-author."),
        Text("Đồng tác giả", "Co-author"),
        choices=ROLES,
    ),
    Column("birth_year", _YEAR.label, FieldKind.TEXT, "birth_year", _YEAR.help, Text("1990")),
    Column("workplace", _WORKPLACE.label, FieldKind.TEXT, "workplace", _WORKPLACE.help, Text("Xã Đại Từ")),
)
_EXAMPLES = {
    FieldKind.TEXT: Text("Nội dung ngắn", "Short text"),
    FieldKind.LONG_TEXT: Text("Viết nhiều dòng được.", "May have several lines."),
    FieldKind.NUMBER: Text("12,5", "12.5"),
    FieldKind.MONEY: Text("25.000.000", "25000000"),
    FieldKind.DATE: Text("20/11/2025"),
    FieldKind.MONTH: Text("04/2025"),
    FieldKind.CHECK: Text("Có", "Yes"),
}
