"""Messages at the turns of a contest of the youth family."""

from __future__ import annotations

from core.plugin_api import Audience, Moment, Notice, Phase, Text, hookimpl


@hookimpl
def lifecycle_notices() -> tuple[Notice, ...]:
    """Submission opened and closing, judging opened, results."""
    return (
        Notice(
            "submission_opened",
            Phase.SUBMISSION,
            Text("{edition}: bắt đầu nhận hồ sơ", "{edition}: submission is open"),
            Text(
                "Ban Tổ chức Cuộc thi nhận hồ sơ dự thi từ {from} đến hết {until}. Thể lệ và hướng dẫn có tại "
                "{address}.",
                "The Organising Committee receives dossiers from {from} until the end of {until}. Rules and "
                "guidance are at {address}.",
            ),
            Audience.EVERYONE,
            Moment.OPENED,
        ),
        Notice(
            "submission_closing",
            Phase.SUBMISSION,
            Text("{edition}: sắp hết hạn nhận hồ sơ", "{edition}: submission closes soon"),
            Text(
                "Hạn nhận hồ sơ là hết {until}. Hồ sơ còn ở dạng nháp chưa được coi là đã nộp; đề nghị tác "
                "giả kiểm tra và nộp tại {address}.",
                "Dossiers are received until the end of {until}. A draft does not count as submitted; please "
                "check and submit it at {address}.",
            ),
            Audience.ENTRANTS,
            Moment.CLOSING,
        ),
        Notice(
            "judging_opened",
            Phase.JUDGING,
            Text("{edition}: bắt đầu chấm giải", "{edition}: judging begins"),
            Text(
                "Đề nghị thành viên Hội đồng giám khảo chấm và khóa phiếu từ {from} đến hết {until} tại "
                "{address}.",
                "Members of the Jury are asked to score and lock their sheets from {from} until the end of "
                "{until} at {address}.",
            ),
            Audience.JUDGES,
            Moment.OPENED,
        ),
        Notice(
            "results_opened",
            Phase.RESULTS,
            Text("{edition}: công bố kết quả", "{edition}: results"),
            Text(
                "Kết quả Cuộc thi, cách tính từng điểm và gói dữ liệu để kiểm chứng có tại {address}.",
                "The results, the arithmetic of every score and the bundle to verify them are at {address}.",
            ),
            Audience.EVERYONE,
            Moment.OPENED,
        ),
    )
