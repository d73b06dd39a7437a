"""`bangvang results` and `bangvang verify`: the pipeline's steps for a live edition, and the check of its bundle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.kernel.errors import WrongUse

if TYPE_CHECKING:
    from core.contests.values import EditionView


@click.group()
def group() -> None:
    """From votes and sheets to a published result."""


@group.command("freeze")
@click.argument("slug")
@click.argument("key")
def freeze(slug: str, key: str) -> None:
    """Freeze the votes of edition KEY of SLUG; freezing again changes nothing."""
    from core.kernel.actor import SYSTEM
    from core.voting.services import freeze_votes

    with _edition(slug, key) as edition:
        if not edition.rules.vote_policy().enabled:
            click.echo("Kỳ thi này không có phần bình chọn.")
            return
        frozen = freeze_votes(edition, actor=SYSTEM, now=edition.now())
        click.echo(f"Đã chốt {frozen.total} phiếu cho {len(frozen.votes)} hồ sơ: {frozen.sha256}")


@group.command("compute")
@click.argument("slug")
@click.argument("key")
def compute(slug: str, key: str) -> None:
    """Compute the result of edition KEY of SLUG from what is frozen."""
    from core.kernel.actor import SYSTEM
    from core.results.services import compute_results

    with _edition(slug, key) as edition:
        made = compute_results(edition, actor=SYSTEM, now=edition.now())
        click.echo(f"Lần tính {made.number}: inputs {made.inputs_sha256}, outputs {made.outputs_sha256}")


@group.command("bundle")
@click.argument("slug")
@click.argument("key")
@click.option(
    "--output", "target", metavar="FILE", help="Where the .zip goes; a name of the edition's when left out."
)
def bundle(slug: str, key: str, target: str | None) -> None:
    """Write the published bundle of edition KEY of SLUG to a file."""
    from core.kernel.db import session
    from core.kernel.files import file_key, file_store
    from core.results.errors import NotReady
    from core.results.queries import publication_of

    with _edition(slug, key) as edition:
        published = publication_of(edition.id)
        if published is None:
            raise NotReady("Kết quả chưa được công bố nên chưa có gói.")
        place = Path(target or f"ket-qua-{slug}-{key}.zip")
        try:
            with place.open("wb") as sink:
                sink.writelines(file_store().read(file_key(session().tenant_id, published.bundle_sha256)))
        except OSError as error:
            raise WrongUse(f"Không ghi được {place}: {error.strerror}.") from None
        click.echo(str(place))


@group.command("totals")
@click.argument("slug")
@click.argument("key")
@click.option("--rebuild", is_flag=True, help="Make the kept totals anew from the sheets.")
def totals(slug: str, key: str, *, rebuild: bool) -> None:
    """Compare the totals that rankings are read from with the locked sheets; 1 when they differ and were not mended."""
    from core.judging.queries import open_rounds
    from core.judging.totals import check
    from core.judging.totals import rebuild as make_anew

    differing = 0
    with _edition(slug, key) as edition:
        for one in open_rounds(edition):
            found = make_anew(edition, one, now=edition.now()) if rebuild else check(edition, one)
            differing += len(found.differences)
            kept = f"{found.entries} hồ sơ, {len(found.differences)} khác với phiếu"
            click.echo(
                f"{one.name.vi}: {kept if found.is_kept else 'không giữ tổng riêng, tính cả vòng mỗi lần xem'}"
            )
    if differing and not rebuild:
        raise click.exceptions.Exit(1)


@group.command("sheets")
@click.argument("slug")
@click.argument("key")
def sheets(slug: str, key: str) -> None:
    """Recompute the audit log and compare the locked sheets with it; 1 when the log was changed or a sheet is not
    what was locked."""
    from core.judging.queries.proofs import check_with_log
    from core.kernel import audit

    with _edition(slug, key) as edition:
        false_line = audit.first_false_record()
        found = check_with_log(edition)
    if false_line is not None:
        told = f"nhật ký đã bị sửa ngoài hệ thống từ dòng {false_line}: so với nhật ký này không còn chứng minh gì"
        click.echo(told, err=True)
    for round_key, judge, code in found.unlike:
        click.echo(f"{round_key} {judge} {code}: không phải phiếu mà giám khảo này đã khóa", err=True)
    for round_key, code in found.lost:
        click.echo(f"{round_key} {code}: một phiếu đã khóa không còn", err=True)
    for round_key, judge, code in found.left_out:
        click.echo(f"{round_key} {judge} {code}: không được tính, nhật ký không ghi vì sao", err=True)
    for round_key, judge, code in found.counted:
        click.echo(f"{round_key} {judge} {code}: được tính dù nhật ký ghi là không", err=True)
    if false_line is not None or not found.holds:
        raise click.exceptions.Exit(1)
    click.echo("Mọi phiếu đã khóa đúng như nhật ký.")


@click.command("verify")
@click.argument("file", metavar="FILE.zip")
def verify(file: str) -> None:
    """Recompute a published bundle; 0 and one line when all holds, 1 and the first difference when not."""
    from core.results.verify import verify_bundle

    try:
        report = verify_bundle(Path(file))
    except OSError as error:
        raise WrongUse(f"Không đọc được {file}: {error.strerror}.") from None
    click.echo(str(report), err=not report.holds)
    if not report.holds:
        raise click.exceptions.Exit(1)


@contextmanager
def _edition(slug: str, key: str) -> Iterator[EditionView]:
    """One unit of work in the tenant, on the edition asked for."""
    from core.cli.application import application, tenant_named
    from core.contests.queries import edition_by_key
    from core.kernel.db import tenant_scope
    from core.kernel.uow import unit_of_work

    with application():
        tenant = tenant_named(slug)
        with tenant_scope(tenant.id), unit_of_work():
            yield edition_by_key(slug, key)
