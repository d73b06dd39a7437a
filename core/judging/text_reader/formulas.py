"""Formulas (Office MathML) written in one line: a fraction is (a)/(b), a power a^(2)."""

from __future__ import annotations

from core.judging.text_reader.package import Element, child, value


def line_of(element: Element) -> str:
    """The formula as one line of text."""
    tag = element.tag
    if tag == "t":
        return element.text or ""
    if tag == "f":
        return f"({_of(element, 'num')})/({_of(element, 'den')})"
    if tag in ("sSup", "sSub", "sSubSup"):
        below = f"_({_of(element, 'sub')})" if tag != "sSup" else ""
        above = f"^({_of(element, 'sup')})" if tag != "sSub" else ""
        return f"{_of(element, 'e')}{below}{above}"
    if tag == "rad":
        degree = _of(element, "deg")
        return f"{degree}√({_of(element, 'e')})"
    if tag == "nary":
        sign = value(child(element, "naryPr", "chr")) or "∫"
        return f"{sign}_({_of(element, 'sub')})^({_of(element, 'sup')}) {_of(element, 'e')}"
    if tag == "d":
        inside = "; ".join(line_of(one) for one in element.findall("e"))
        begin, end = (value(child(element, "dPr", name)) for name in ("begChr", "endChr"))
        return f"{'(' if begin is None else begin}{inside}{')' if end is None else end}"
    return "".join(line_of(one) for one in element if not one.tag.endswith("Pr"))


def _of(element: Element, name: str) -> str:
    found = element.find(name)
    return "" if found is None else line_of(found)
