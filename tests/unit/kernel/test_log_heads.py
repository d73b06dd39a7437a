"""A head of the log that stands on a paper, against the log of today."""

from __future__ import annotations

import pytest

from core.kernel import audit, merkle
from core.kernel.actor import SYSTEM
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Invalid
from core.kernel.log_heads import Verdict, check_head, read_head, written_head
from tests.support.factories import NOW, World
from tests.support.tampering import tamper

ROOT = "ab" * 32


def grown(count: int, mark: str = "T") -> audit.LogHead:
    """The head after so many more lines."""
    for number in range(count):
        audit.append("thing.done", f"{mark}-{number}", {"n": number}, actor=SYSTEM, now=NOW)
    session().commit()
    return audit.log_head()


def test_a_log_that_grew_holds_its_earlier_head_and_proves_it(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        earlier = grown(3)
        now = grown(4)

        answer = check_head(earlier)

        path = [bytes.fromhex(one) for one in answer.proof]
        old, new = bytes.fromhex(earlier.root), bytes.fromhex(now.root)
        assert (answer.holds, answer.now) == (True, now)
        assert merkle.verify_consistency(earlier.size, old, now.size, new, path)


def test_another_root_and_a_longer_log_are_not_held(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        size = grown(3).size
        verdicts = [check_head(audit.LogHead(one, ROOT)).verdict for one in (size, size + 1)]
        assert verdicts == [Verdict.OTHER, Verdict.LONGER]


def test_the_head_of_another_tenant_is_not_held(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.second.id):
            theirs = grown(2, "U")
        with tenant_scope(world.first.id):
            grown(4)
            assert not check_head(theirs).holds


def test_a_log_rewritten_whole_in_itself_no_longer_holds_the_head_of_before(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        before = grown(3)
        tamper(world.app, "delete from audit_record")
        tamper(world.app, "delete from audit_head")
        grown(5, "V")

        assert audit.first_false_record() is None
        assert check_head(before).verdict is Verdict.OTHER


def test_lines_that_no_longer_say_what_was_hashed_are_told(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        head = grown(3)
        tamper(world.app, "update audit_record set subject = 'T-9' where subject = 'T-2'")

        answer = check_head(head)

        assert (answer.verdict, answer.false_line) == (Verdict.CHANGED, 2)


@pytest.mark.parametrize(
    "text",
    [
        written_head("motmot", "k1", 1234, ROOT),
        f"1234 {ROOT.upper()}",
        f"Gốc nhật ký khi chốt biên bản, gồm 1.234 dòng: {ROOT}. SHA-256 của nội dung: {'c' * 64}.",
        f"\n  1234\n{ROOT}\n",
    ],
)
def test_a_head_is_read_from_the_code_from_the_sentence_beside_it_and_from_what_was_typed(text: str) -> None:
    assert read_head(text) == audit.LogHead(1234, ROOT)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Chưa thấy gốc nhật ký"),
        ("1234 abc", "Chưa thấy gốc nhật ký"),
        (f"1234 {ROOT}a", "Chưa thấy gốc nhật ký"),
        (ROOT, "Chưa thấy số dòng"),
        (f"-- {ROOT}", "Chưa thấy số dòng"),
        (f"99999999999 {ROOT}", "Số dòng nhật ký quá lớn"),
    ],
)
def test_what_is_no_head_is_refused_in_one_sentence(world: World, text: str, told: str) -> None:
    with world.app.test_request_context(), pytest.raises(Invalid) as refused:
        read_head(text)
    assert [one.startswith(told) for one in refused.value.errors["head"]] == [True]
