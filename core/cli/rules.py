"""`bangvang rules`: the rules of a contest at work, without any database."""

from __future__ import annotations

import gc
import sys
import tomllib
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.kernel.errors import WrongUse

if TYPE_CHECKING:
    from core.results.formats import Outputs, RulesRef


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


@group.command("shadow")
@click.option(
    "--inputs", "source", metavar="FILE", help="Frozen inputs (bangvang.inputs/1); - is standard input."
)
@click.option(
    "--outputs",
    "official",
    metavar="FILE",
    help="Their official outputs (bangvang.outputs/1); computed by the versions that the inputs name when left out.",
)
@click.option("--bundle", metavar="FILE.zip", help="A published bundle: inputs and official outputs at once.")
@click.option("--plugins", metavar="A,B,C", help="Another list of plugins, in order, separated by commas.")
@click.option("--settings", "table", metavar="FILE.toml", help="Settings to try, one table for each plugin.")
@click.option(
    "--set", "pairs", metavar="PLUGIN.KEY=VALUE", multiple=True, help="One setting to try; repeatable."
)
@click.option("--json", "as_json", is_flag=True, help="Print bangvang.shadow/1 in place of words.")
def shadow(  # noqa: PLR0917 - the options of one command
    source: str | None,
    official: str | None,
    bundle: str | None,
    plugins: str | None,
    table: str | None,
    pairs: tuple[str, ...],
    as_json: bool,
) -> None:
    """Compute frozen inputs under other plugins, versions or settings, and show what would change.

    Needs no database and changes nothing. Plugins run in the installed version; the official outputs are not computed
    again. Leaves with 0 whether or not something would change, and with 2 and the path for a wrong input.
    """
    from core.plugin_host import PluginUnavailable, SettingsInvalid
    from core.results.container import BundleError
    from core.results.formats import InputsError, readable_text
    from core.results.shadow_run import ShadowChange, run_shadow
    from core.results.shadow_text import report_lines

    chosen = None if plugins is None else tuple(name.strip() for name in plugins.split(",") if name.strip())
    if chosen == ():
        raise WrongUse("--plugins: cần nêu ít nhất một plugin.")
    change = ShadowChange(chosen, _tried_settings(table, pairs))
    gc.disable()
    try:
        document, outputs = _official(source, official, bundle)
        report = run_shadow(document, outputs, change)
    except SettingsInvalid as error:
        path, sentences = sorted(error.errors.items())[0]
        raise WrongUse(f"settings.{path}: {' '.join(sentences)}") from None
    except PluginUnavailable as error:
        raise WrongUse(f"plugins: {error.message}") from None
    except (InputsError, BundleError) as error:
        raise WrongUse(str(error)) from None
    finally:
        gc.enable()
    _write(None, readable_text(report.document()) if as_json else "\n".join(report_lines(report)) + "\n")


def _official(source: str | None, official: str | None, bundle: str | None) -> tuple[dict[str, Any], Outputs]:
    """The frozen inputs and their official outputs, from a bundle or from files."""
    from core.results.formats import InputsError, read_json
    from core.results.shadow_inputs import documents_of_bundle, parse_outputs
    from core.results.shadow_run import official_outputs

    if (source is None) == (bundle is None):
        raise WrongUse("Cần nêu đúng một trong hai: --inputs hoặc --bundle.")
    if bundle is not None:
        if official is not None:
            raise WrongUse("--outputs: gói đã có kết quả chính thức, chỉ nêu cùng --inputs.")
        inputs, outputs = documents_of_bundle(_read(bundle))
        return inputs, parse_outputs(outputs)
    inputs = read_json(_read(str(source)))
    if official is None:
        return inputs, official_outputs(inputs)
    try:
        return inputs, parse_outputs(read_json(_read(official)))
    except InputsError as error:
        raise WrongUse(f"{official}: {error}") from None


def _tried_settings(table: str | None, pairs: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The settings to try by plugin: those of the file, and over them those of the command."""
    found: dict[str, dict[str, Any]] = {}
    if table is not None:
        try:
            given = tomllib.loads(_read(table).decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise WrongUse(f"{table}: không đọc được TOML: {error}.") from None
        for name, values in given.items():
            if not isinstance(values, dict):
                raise WrongUse(f"{table}: {name}: phải là một bảng cài đặt, viết dưới [{name}].")
            found[name] = values
    for pair in pairs:
        path, equals, text = pair.partition("=")
        name, dot, key = path.strip().partition(".")
        if not (name and dot and key and equals):
            raise WrongUse(f"--set {pair}: viết PLUGIN.KEY=VALUE, ví dụ backan_stkt.minimum_ba=60.")
        found.setdefault(name, {})[key] = _value(text.strip())
    return found


def _value(text: str) -> Any:
    """What was typed after `=`: a value as TOML writes it, else the bare text; None when nothing was typed."""
    if not text:
        return None
    try:
        value = tomllib.loads(f"value = {text}", parse_float=str)["value"]
    except tomllib.TOMLDecodeError:
        return text
    return text if isinstance(value, date | time) else value


def _same(name: str, found: str, asked: str) -> None:
    from core.results.formats import InputsError

    if found != asked:
        raise InputsError(name, f"là {found!r}, còn lệnh nêu --{name} {asked!r}.")


def _rules_of_folder(tenant: str, edition: str) -> RulesRef:
    """Plugins and settings as `tenants/<tenant>/` says."""
    from core.plugin_host import PluginUnavailable, layers_for, plugin_refs
    from core.results.formats import RulesRef
    from core.tenancy.package import PackageError, load_tenant_package, tenants_folder

    folder = tenants_folder() / tenant
    if not (folder / "tenant.toml").is_file():
        raise WrongUse(f"--tenant: không có tỉnh {tenant!r} trong {tenants_folder()}.")
    try:
        package = load_tenant_package(folder)
        layers = layers_for(package.plugins, package.settings, package.edition(edition).settings)
        return RulesRef(plugin_refs(package.plugins), layers.merged())
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
