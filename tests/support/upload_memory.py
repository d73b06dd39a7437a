"""How much memory a large upload takes, in a process of its own: `python -m tests.support.upload_memory FOLDER`.

Prints by how many bytes the process's peak grows while a PDF of 50 MB comes in and is put into a dossier. A small file
goes first, so that what is read once a process is not counted. Linux alone can set the peak back (proc(5), clear_refs).
"""

from __future__ import annotations

import sys
from pathlib import Path

from core.app import create_app
from core.entries.models import Attachment
from core.kernel.db import session, tenant_scope
from core.kernel.migrate import upgrade
from core.plugin_api import FieldKind, FormField, FormSection, Plugin, PluginInfo, Text, hookimpl
from tests.support.app import client_of, test_config
from tests.support.entries import account, make_entry
from tests.support.factories import build_world, view
from tests.support.people import sign_in
from tests.support.plugins import enable, installed
from tests.support.postgres import DatabaseUrls
from tests.support.uploads import PIECE, TUS, begun

LARGE = 50 * 1024 * 1024
FIELD = "tep_lon"


@hookimpl
def dossier_form() -> tuple[FormSection, ...]:
    """One question that takes a large file."""
    asked = FormField(FIELD, Text("Tệp lớn"), FieldKind.FILES, accept=(".pdf",), max_bytes=LARGE + 1024)
    return (FormSection("tep", Text("Tệp"), (asked,)),)


def write_pdf(path: Path, size: int) -> int:
    """A right PDF of one page with a stream of about `size` bytes in it; returns its size."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    with path.open("wb") as target:
        target.write(b"%PDF-1.7\n")
        places = []
        for number, part in enumerate(parts, start=1):
            places.append(target.tell())
            target.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
        places.append(target.tell())
        target.write(b"4 0 obj\n<< /Length %d >>\nstream\n" % size)
        for _megabyte in range(size // 1_000_000):
            target.write(b"x" * 1_000_000)
        target.write(b"x" * (size % 1_000_000) + b"\nendstream\nendobj\n")
        start = target.tell()
        target.write(
            b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % one for one in places)
        )
        target.write(b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
        return target.tell()


def peak() -> int:
    """The most memory that this process has held since `forget_peak`, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def forget_peak() -> None:
    """Begin to measure from what is held now."""
    Path("/proc/self/clear_refs").write_text("5")


def main(folder: Path) -> int:
    """Print the growth; 0 when the file has arrived."""
    database = f"sqlite:///{folder / 'do.db'}"
    upgrade(database)
    app = create_app(test_config(DatabaseUrls(database, database), folder / "var"))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    world = build_world(app)
    plugin = Plugin(
        PluginInfo("tep_lon", "1.0.0", Text("Tệp lớn", "Large files"), ("1.0", "2.0")),
        (sys.modules[__name__],),
    )
    with installed(plugin):
        with app.app_context():
            enable(world.first, "tep_lon")
            with tenant_scope(world.first.id) as current:
                ref = make_entry(view(world.first), account(), state="draft").ref
                current.commit()
        client = client_of(app, world.first.slug)
        sign_in(client, "tacgia@example.vn")
        grown = 0
        for size in (100_000, LARGE - 1000):
            path = folder / "tep.pdf"
            length = write_pdf(path, size)
            address = begun(client, ref, f"{size}.pdf", length, FIELD)
            forget_peak()
            before = peak()
            with path.open("rb") as stream:
                answer = client.patch(
                    address,
                    input_stream=stream,
                    content_type=PIECE,
                    content_length=length,
                    headers={**TUS, "Upload-Offset": "0"},
                )
            grown = peak() - before
            assert answer.status_code == 204, answer.text
        with app.app_context(), tenant_scope(world.first.id):
            assert session().query(Attachment).count() == 2
    sys.stdout.write(f"{grown}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
