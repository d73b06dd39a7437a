"""Messages at the turns of the Thái Nguyên contest."""

from __future__ import annotations

from core.plugin_api import Audience, Moment, Notice, Phase, Text, hookimpl


@hookimpl
def lifecycle_notices() -> tuple[Notice, ...]:
    """Submission opened and closing, voting opened and closing, judging opened, results."""
    return (
        Notice(
            "submission_opened",
            Phase.SUBMISSION,
            Text("{edition}: bắt đầu nhận hồ sơ", "{edition}: submission is open"),
            Text(
                "Ban Tổ chức Cuộc thi nhận hồ sơ dự thi từ {from} đến hết {until}. Thể lệ và hướng dẫn có "
                "tại {address}.",
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
            "voting_opened",
            Phase.VOTING,
            Text("{edition}: bắt đầu bình chọn trực tuyến", "{edition}: online voting begins"),
            Text(
                "Thời gian bình chọn từ {from} đến hết {until}. Mỗi tài khoản được bình chọn một lần cho một "
                "công trình, tại {address}.",
                "Voting runs from {from} until the end of {until}. Each account has one vote for a work, at "
                "{address}.",
            ),
            Audience.EVERYONE,
            Moment.OPENED,
        ),
        Notice(
            "voting_closing",
            Phase.VOTING,
            Text("{edition}: sắp kết thúc bình chọn", "{edition}: voting closes soon"),
            Text(
                "Bình chọn kết thúc vào hết {until}. Xem các công trình và bình chọn tại {address}.",
                "Voting ends with {until}. See the works and vote at {address}.",
            ),
            Audience.VOTERS,
            Moment.CLOSING,
        ),
        Notice(
            "judging_opened",
            Phase.JUDGING,
            Text("{edition}: bắt đầu chấm điểm", "{edition}: judging begins"),
            Text(
                "Đề nghị thành viên Hội đồng chuyên môn chấm và khóa phiếu từ {from} đến hết {until} tại "
                "{address}.",
                "Members of the Professional Council are asked to score and lock their sheets from {from} "
                "until the end of {until} at {address}.",
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
