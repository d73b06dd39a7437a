"""The head of the log on a paper is checked by anyone: on the public page, by a program, by the operator's command."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from core.cli.audit import head as head_command
from core.kernel import audit, merkle
from core.kernel.actor import SYSTEM
from core.kernel.config import Config
from core.kernel.log_heads import written_head
from tests.support.app import client_of
from tests.support.factories import NOW, World
from tests.support.voting import in_tenant

PAGE = "/xac-minh"


@pytest.fixture
def earlier(world: World) -> audit.LogHead:
    """A head of the first tenant's log, which went on since; the twin's log is as long."""
    for tenant, mark in ((world.second, "U"), (world.first, "T")):
        with in_tenant(world, tenant):
            audit.append("thing.done", f"{mark}-1", {}, actor=SYSTEM, now=NOW)
            found = audit.log_head()
            audit.append("thing.done", f"{mark}-2", {}, actor=SYSTEM, now=NOW)
    return found


def asked(world: World, text: str, slug: str = "") -> tuple[int, str]:
    """What the public page answers to a pasted text."""
    answer = client_of(world.app, slug or world.first.slug).post(PAGE, data={"head": text})
    return answer.status_code, answer.text


def test_the_code_of_a_paper_is_confirmed_and_what_was_typed_stays(
    world: World, earlier: audit.LogHead
) -> None:
    text = written_head(world.first.slug, "k1", earlier.size, earlier.root)

    status, page = asked(world, text)

    assert status == 200
    assert "Nhật ký khớp với gốc đã ghi" in page
    assert text in page


def test_the_head_of_another_tenant_is_not_held_and_nothing_more_is_said_of_it(
    world: World, earlier: audit.LogHead
) -> None:
    status, page = asked(world, f"{earlier.size} {earlier.root}", world.second.slug)

    assert status == 200
    assert "Nhật ký không khớp với gốc đã ghi" in page
    assert "cho một gốc khác" in page


def test_what_is_no_head_is_told_at_its_field_with_what_was_typed(world: World) -> None:
    status, page = asked(world, "57 gốc nào đó")

    assert status == 422
    assert "Chưa thấy gốc nhật ký: gồm đúng 64 chữ số và chữ cái từ a đến f." in page
    assert "57 gốc nào đó" in page


def test_a_program_gets_the_proof_of_consistency(world: World, earlier: audit.LogHead) -> None:
    client = client_of(world.app, world.first.slug)

    answer = client.get(f"/api/v1/log/head?size={earlier.size}&root={earlier.root}")
    told = json.loads(answer.data)

    path = [bytes.fromhex(one) for one in told["consistency"]]
    old, new = bytes.fromhex(earlier.root), bytes.fromhex(told["now"]["root"])
    assert (told["holds"], told["verdict"]) == (True, "held")
    assert merkle.verify_consistency(earlier.size, old, told["now"]["size"], new, path)
    assert client.get(f"/api/v1/log/head?size={earlier.size}&root=abc").status_code == 422
    assert client.get(f"/api/v1/log/head?size={earlier.size}").status_code == 422


def test_a_program_that_asks_of_no_head_gets_that_of_now(world: World, earlier: audit.LogHead) -> None:
    told = json.loads(client_of(world.app, world.first.slug).get("/api/v1/log/head").data)

    assert (told["size"], told["holds"], told["consistency"]) == (earlier.size + 1, True, [])
    assert told["now"] == {"size": told["size"], "root": told["root"]}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("{size}", "{root}"), 0, "motmot: Khớp"),
        (("{size}", "{root}", "--tenant", "haihai"), 1, "haihai: Không khớp"),
        (("{size}", "0" * 64), 1, "Không khớp: không nhật ký nào giữ gốc này."),
        (("nhiều", "{root}"), 1, "Chưa thấy số dòng nhật ký"),
    ],
)
def test_the_command_says_whether_a_log_holds_a_head(
    world: World,
    earlier: audit.LogHead,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    code: int,
    told: str,
) -> None:
    config: Config = world.app.config["BANGVANG"]
    monkeypatch.setenv("BANGVANG_VAR", str(config.var))
    monkeypatch.setenv("DATABASE_URL", config.database_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", config.owner_url)

    given = [one.format(size=earlier.size, root=earlier.root) for one in words]
    done = CliRunner().invoke(head_command, given)

    assert (done.exit_code, done.output.startswith(told)) == (code, True), done.output
