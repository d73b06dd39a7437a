"""What units report of a youth contest beside the figures of every report."""

from __future__ import annotations

from core.plugin_api import ReportFigure, Text, hookimpl


@hookimpl
def report_figures() -> tuple[ReportFigure, ...]:
    """The schools that were told, and the pupils who want to take part."""
    return (
        ReportFigure(
            "truong_hoc",
            Text("Trường học đã được phổ biến", "Schools that were told"),
            Text("trường", "schools"),
            Text("Mỗi trường tính một lần trong tháng.", "Each school counts once in the month."),
            "phat_dong",
        ),
        ReportFigure(
            "hoc_sinh_dang_ky",
            Text("Học sinh đăng ký tham gia", "Pupils who want to take part"),
            Text("học sinh", "pupils"),
            clause="phat_dong",
        ),
    )
