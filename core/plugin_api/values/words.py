"""Words that a plugin or a tenant owns, the clauses they cite, and the steps a computation tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """One phrase in Vietnamese (the source) and English."""

    vi: str
    en: str = ""

    def __str__(self) -> str:
        """The Vietnamese phrase."""
        return self.vi

    def in_(self, locale: str) -> str:
        """The phrase in `locale` ("vi", "en", "en-GB", "en_US"); Vietnamese where no translation exists."""
        if locale.lower().startswith("en") and self.en:
            return self.en
        return self.vi

    def filled(self, values: Mapping[str, str]) -> Text:
        """The same phrase with each `{name}` replaced from `values`; an unknown name stays as written."""
        vi, en = self.vi, self.en
        for name, value in values.items():
            vi = vi.replace("{" + name + "}", value)
            en = en.replace("{" + name + "}", value)
        return Text(vi, en)


@dataclass(frozen=True, slots=True)
class Clause:
    """One provision of the contest's documents that a rule carries out.

    `document` names the document with number and date, `article` the place in it (in words where the number
    is not public), `text` says what it asks. `official` is False for what no public document states: shown
    with "minh họa". `informational` is True for what people apply and no rule of the plugin carries out.
    """

    key: str
    document: Text
    article: Text
    text: Text
    official: bool = True
    informational: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The contest's own words for its parts; capitals as at the beginning of a heading, `_lower` inside a sentence."""

    contest: Text
    """"Cuộc thi" or "Hội thi"."""
    contest_lower: Text
    entry: Text
    """Inside a sentence: "công trình" or "giải pháp"."""
    entry_capital: Text
    """At the beginning: "Công trình" or "Giải pháp"."""
    entries_lower: Text
    entries_capital: Text
    jury: Text
    """"Hội đồng chuyên môn" or "Hội đồng giám khảo"."""
    jury_lower: Text
    committee: Text = field(default=Text("Ban Tổ chức", "Organising Committee"))
    secretariat: Text = field(default=Text("Tổ thư ký", "Secretariat"))
    rules: Text = field(default=Text("Thể lệ", "Rules"))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a computation in plain words; `data` holds what it worked on (JSON values, no floats)."""

    what: Text
    clause: str | None = None
    data: Mapping[str, object] = field(default_factory=dict, hash=False)
