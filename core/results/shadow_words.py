"""What a shadow run would change, in sentences of both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from core.plugin_api import Text
from core.results.formats import points
from core.results.shadow import AwardChange, EntryChange, ShadowDifference

NAMED: Final = 10
"""The most entries that a sentence names; it counts the others."""
TOLD: Final = 5
"""The most entries of which a sentence tells from where to where."""

SAME: Final = Text(
    "Không có gì thay đổi: thứ hạng, điểm và giải đề xuất đều như kết quả chính thức.",
    "Nothing would change: ranks, points and proposed awards are all as in the official result.",
)


def difference_words(found: ShadowDifference, awards: Mapping[str, Text]) -> tuple[Text, ...]:
    """The difference as sentences: awards first, then ties, ranks and points. `awards` names tiers and specials."""
    if found.is_same:
        return (SAME,)
    sentences = [_award(one, awards.get(one.key, Text(one.key))) for one in found.awards]
    sentences += [
        _entries(codes, words)
        for codes, words in (
            (found.undecided_gained, _UNDECIDED_GAINED),
            (found.undecided_lost, _UNDECIDED_LOST),
            (found.undecided_specials_gained, _SPECIALS_GAINED),
            (found.undecided_specials_lost, _SPECIALS_LOST),
            (_codes(found.ranked_gained), _RANKED_GAINED),
            (_codes(found.ranked_lost), _RANKED_LOST),
        )
        if codes
    ]
    sentences += [
        _counted(many, words, _places)
        for many, words in ((found.risen, _RISEN), (found.fallen, _FALLEN))
        if many
    ]
    moved = [one for one in found.changed if one.difference]
    if moved:
        sentences.append(_counted(sorted(moved, key=_by_points), _POINTS, _totals))
    rest = [one for one in found.changed if not _is_told(one)]
    if rest:
        sentences.append(_entries(_codes(rest), _OTHER))
    return tuple(sentences)


def place_words(one: EntryChange) -> Text:
    """How the rank of an entry moves: "lên 2 hạng", "xuống 1 hạng", "giữ hạng"; empty where one has no rank."""
    if one.official.rank is None and one.shadow.rank is None:
        return Text("không xếp hạng", "not ranked")
    if one.official.rank is None:
        return Text("mới được xếp hạng", "newly ranked")
    if one.shadow.rank is None:
        return Text("không còn được xếp hạng", "no longer ranked")
    if one.places > 0:
        return Text(f"lên {one.places} hạng", f"up {one.places}")
    if one.places < 0:
        return Text(f"xuống {-one.places} hạng", f"down {-one.places}")
    return Text("giữ hạng", "same rank")


def joined(codes: Sequence[str]) -> Text:
    """At most `NAMED` codes, and how many more there are."""
    shown, more = ", ".join(codes[:NAMED]), len(codes) - NAMED
    if more <= 0:
        return Text(shown, shown)
    return Text(f"{shown} và {more} hồ sơ khác", f"{shown} and {more} more")


_UNDECIDED_GAINED: Final = Text(
    "Thêm {n} bằng điểm, chờ Ban Tổ chức quyết định", "{n} more tied and left to the committee"
)
_UNDECIDED_LOST: Final = Text(
    "Bớt {n} bằng điểm chờ Ban Tổ chức quyết định", "{n} no longer tied and left to the committee"
)
_SPECIALS_GAINED: Final = Text(
    "Thêm {n} ngang nhau ở giải phụ, chờ quyết định", "{n} more tied for a special award"
)
_SPECIALS_LOST: Final = Text("Bớt {n} ngang nhau ở giải phụ", "{n} no longer tied for a special award")
_RANKED_GAINED: Final = Text("Thêm {n} được xếp hạng", "{n} newly ranked")
_RANKED_LOST: Final = Text("{n} không còn được xếp hạng", "{n} no longer ranked")
_RISEN: Final = Text("{n} lên hạng", "{n} would rise")
_FALLEN: Final = Text("{n} xuống hạng", "{n} would fall")
_POINTS: Final = Text("{n} khác tổng điểm", "{n} with another total")
_OTHER: Final = Text(
    "{n} khác ở từng phần điểm hoặc lý do không xếp hạng",
    "{n} with other parts or another reason for no rank",
)


def _award(one: AwardChange, name: Text) -> Text:
    """ "Giải Ba: 3 → 5 hồ sơ; thêm 2 (TN-1, TN-2)"."""
    vi, en = [], []
    for codes, more, less in ((one.gained, "thêm", "gains"), (one.lost, "bớt", "loses")):
        if codes:
            told = joined(codes)
            vi.append(f"{more} {len(codes)} hồ sơ ({told.vi})")
            en.append(f"{less} {len(codes)} ({told.en})")
    return Text(
        f"{name.vi}: {', '.join(vi)}; từ {one.official} thành {one.shadow}.",
        f"{name.in_('en')}: {', '.join(en)}; from {one.official} to {one.shadow}.",
    )


def _entries(codes: Sequence[str], words: Text) -> Text:
    told = joined(codes)
    said = words.filled({"n": f"{len(codes)} hồ sơ"}).vi
    count = "1 entry" if len(codes) == 1 else f"{len(codes)} entries"
    return Text(f"{said}: {told.vi}.", f"{words.filled({'n': count}).en}: {told.en}.")


def _counted(many: Sequence[EntryChange], words: Text, tell: Callable[[EntryChange], Text]) -> Text:
    """How many, and what happens to the first of them."""
    told = [tell(one) for one in many[:TOLD]]
    more = len(many) - TOLD
    vi = "; ".join(f"{one.entry} {said.vi}" for one, said in zip(many, told, strict=False))
    en = "; ".join(f"{one.entry} {said.en}" for one, said in zip(many, told, strict=False))
    if more > 0:
        vi, en = f"{vi} và {more} hồ sơ khác", f"{en} and {more} more"
    count = "1 entry" if len(many) == 1 else f"{len(many)} entries"
    return Text(
        f"{words.filled({'n': f'{len(many)} hồ sơ'}).vi}: {vi}.",
        f"{words.filled({'n': count}).en}: {en}.",
    )


def _places(one: EntryChange) -> Text:
    before, after = one.official.rank, one.shadow.rank
    return Text(
        f"từ hạng {before} {'lên' if one.places > 0 else 'xuống'} {after}", f"from {before} to {after}"
    )


def _totals(one: EntryChange) -> Text:
    before, after = one.official.total, one.shadow.total
    return Text(f"từ {_vi(before)} thành {_vi(after)}", f"from {_en(before)} to {_en(after)}")


def _by_points(one: EntryChange) -> tuple[Decimal, str]:
    return -abs(one.difference), one.entry


def _is_told(one: EntryChange) -> bool:
    """Whether another sentence names what happens to the entry."""
    same_awards = one.official.awards == one.shadow.awards
    same_total = one.official.total == one.shadow.total
    same_rank = one.official.rank == one.shadow.rank
    return not (same_awards and same_total and same_rank and one.official.undecided == one.shadow.undecided)


def _codes(many: Sequence[EntryChange]) -> tuple[str, ...]:
    return tuple(one.entry for one in many)


def _vi(value: Decimal | None) -> str:
    return "không có" if value is None else points(value).replace(".", ",")


def _en(value: Decimal | None) -> str:
    return "none" if value is None else points(value)
