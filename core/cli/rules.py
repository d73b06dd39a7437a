"""`bangvang rules`: the rules of a contest at work, without any database."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.kernel.errors import WrongUse

if TYPE_CHECKING:
    from core.results.formats import RulesRef


@click.group()
def group() -> None:
    """The rules of a contest."""


@group.command("compute")
@click.option("--tenant", required=True, metavar="SLUG", help="Whose contest.")
@click.option("--edition", required=True, metavar="KEY", help="Which edition of it.")
@click.option(
    "--inputs",
    "source",
    required=True,
    metavar="FILE",
    help="Inputs (bangvang.inputs/1); - is standard input.",
)
@click.option(
    "--outputs", "target", metavar="FILE", help="Where the outputs go; standard output when left out."
)
def compute(tenant: str, edition: str, source: str, target: str | None) -> None:
    """Compute ranks and proposed awards from frozen inputs: the pure computation alone.

    The plugins and settings are those the inputs name; inputs without `rules` run on what the folder of the tenant
    says. Malformed inputs: exit 2 and the path of the wrong value.
    """
    from core.results.compute import compute as run
    from core.results.compute import edition_of_inputs
    from core.results.formats import InputsError, parse_inputs, read_json, readable_text

    gc.disable()  # very many small values that all live to the end: looking for cycles only costs time
    try:
        inputs = parse_inputs(read_json(_read(source)))
        _same("tenant", inputs.tenant, tenant)
        _same("edition", inputs.edition, edition)
        if inputs.rules is None:
            inputs = replace(inputs, rules=_rules_of_folder(tenant, edition))
        outputs = run(inputs, edition_of_inputs(inputs))
    except InputsError as error:
        raise WrongUse(str(error)) from None
    finally:
        gc.enable()
    _write(target, readable_text(outputs.document()))


def _same(name: str, found: str, asked: str) -> None:
    from core.results.formats import InputsError

    if found != asked:
        raise InputsError(name, f"là {found!r}, còn lệnh nêu --{name} {asked!r}.")


def _rules_of_folder(tenant: str, edition: str) -> RulesRef:
    """Plugins and settings as `tenants/<tenant>/` says."""
    from core.plugin_host import PluginUnavailable, plugin_refs
    from core.results.formats import RulesRef
    from core.tenancy.package import PackageError, load_tenant_package, tenants_folder

    folder = tenants_folder() / tenant
    if not (folder / "tenant.toml").is_file():
        raise WrongUse(f"--tenant: không có tỉnh {tenant!r} trong {tenants_folder()}.")
    try:
        package = load_tenant_package(folder)
        settings = package.edition(edition).settings
        return RulesRef(plugin_refs(package.plugins), {name: dict(given) for name, given in settings.items()})
    except KeyError:
        raise WrongUse(f"--edition: {tenant} không có kỳ thi {edition!r}.") from None
    except (PackageError, PluginUnavailable) as error:
        raise WrongUse(str(error)) from None


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise WrongUse(f"Không đọc được {source}: {error.strerror}.") from None


def _write(target: str | None, text: str) -> None:
    if target is None:
        sys.stdout.write(text)
        return
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongUse(f"Không ghi được {target}: {error.strerror}.") from None
