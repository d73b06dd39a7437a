"""The settings of the core's own defaults, edited with those of the plugins: in `tenant.toml` and in the office."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import Range

from core.plugin_api import (
    Confirmation,
    OneOfWords,
    PluginSettings,
    Text,
    Whole,
    about,
)

NAME = "core"

CONFIRMATION_WORDS = {
    "không hỏi": Confirmation.OFF,
    "nhắc": Confirmation.WARN,
    "chặn": Confirmation.BLOCK,
}


class CoreSettings(PluginSettings):
    """Settings of the defaults."""

    score_places = Whole(
        load_default=2,
        validate=Range(0, 4, error="Số chữ số thập phân từ 0 đến 4."),
        metadata=about(
            Text("Số chữ số thập phân của điểm giám khảo", "Decimals of the jury part"),
            Text(
                "Điểm trung bình của các phiếu đã khóa được làm tròn một lần đến số chữ số này, nửa đơn vị "
                "làm tròn lên.",
                "The mean of the locked sheets is rounded once to this many decimals, halves up.",
            ),
            official=False,
        ),
    )
    max_authors = Whole(
        load_default=None,
        allow_none=True,
        validate=Range(1, 30, error="Số tác giả từ 1 đến 30."),
        metadata=about(
            Text("Số tác giả nhiều nhất của một hồ sơ", "Most authors of an entry"),
            Text(
                "Hồ sơ nhiều tác giả hơn thì chưa nộp được. Để trống thì không giới hạn.",
                "A dossier with more authors cannot be handed in. Empty means no limit.",
            ),
            official=False,
        ),
    )
    author_shares = fields.Boolean(
        load_default=False,
        error_messages={"null": "Cài đặt này cần có giá trị.", "invalid": "Viết true hoặc false."},
        metadata=about(
            Text("Hỏi tỷ lệ đóng góp của từng tác giả", "Ask the share of each author"),
            Text(
                "Khi hỏi, tổng tỷ lệ của các tác giả phải đúng 100 % thì mới nộp được hồ sơ.",
                "Where it is asked, the shares must add up to exactly 100 % before a dossier is handed in.",
            ),
            official=False,
        ),
    )
    author_confirmation = OneOfWords(
        *CONFIRMATION_WORDS,
        load_default="nhắc",
        metadata=about(
            Text("Đồng tác giả chưa xác nhận", "Co-authors who have not confirmed"),
            Text(
                "“nhắc”: vẫn nộp được, trang kiểm tra nhắc tên; “chặn”: chưa nộp được; “không hỏi”: không mời xác "
                "nhận.",
                "“nhắc”: it can be handed in, the check page names them; “chặn”: it cannot be handed in; “không "
                "hỏi”: nobody is asked.",
            ),
            official=False,
        ),
    )
    upload_grace = Whole(
        load_default=10,
        validate=Range(0, 120, error="Từ 0 đến 120 phút."),
        metadata=about(
            Text(
                "Số phút chờ tệp đang tải khi hết hạn nộp",
                "Minutes of waiting for files under way at the deadline",
            ),
            Text(
                "Tệp bắt đầu tải lên trước khi hết hạn và tải xong trong số phút này thì hồ sơ vẫn nộp được; "
                "0 là không chờ.",
                "A dossier can still be handed in when a file of it began before the deadline and arrived within "
                "these minutes; 0 waits for nothing.",
            ),
            official=False,
        ),
    )
    section_megabytes = Whole(
        load_default=200,
        validate=Range(1, 2000, error="Từ 1 đến 2000 MB."),
        metadata=about(
            Text("Dung lượng tệp của một phần hồ sơ (MB)", "Size of the files of one part of a dossier (MB)"),
            Text(
                "Tổng dung lượng các tệp đính kèm trong một phần của hồ sơ không quá mức này.",
                "The files attached in one part of a dossier weigh no more than this together.",
            ),
            official=False,
        ),
    )
    dossier_megabytes = Whole(
        load_default=300,
        validate=Range(1, 5000, error="Từ 1 đến 5000 MB."),
        metadata=about(
            Text("Dung lượng tệp của cả hồ sơ (MB)", "Size of the files of a whole dossier (MB)"),
            Text(
                "Tổng dung lượng mọi tệp đính kèm của một hồ sơ không quá mức này.",
                "All files attached to one dossier weigh no more than this together.",
            ),
            official=False,
        ),
    )
    completion_days = Whole(
        load_default=7,
        validate=Range(1, 60, error="Số ngày bổ sung hồ sơ từ 1 đến 60."),
        metadata=about(
            Text("Số ngày để bổ sung hồ sơ bị trả lại", "Days to complete a returned dossier"),
            Text(
                "Hạn bổ sung được điền sẵn khi trả lại hồ sơ: hết ngày thứ mấy kể từ hôm trả lại. Cán bộ sửa được.",
                "Filled in when a dossier is returned: the end of this day after it. Officers may change it.",
            ),
            official=False,
        ),
    )
    paper_dossier = fields.Boolean(
        load_default=False,
        error_messages={"null": "Cài đặt này cần có giá trị.", "invalid": "Viết true hoặc false."},
        metadata=about(
            Text("Cần cả bản giấy của hồ sơ", "The dossier is wanted on paper too"),
            Text(
                "Khi cần, người nộp được nhắc in, ký và gửi bản giấy trong thời gian nhận hồ sơ, cho đến khi nơi nhận "
                "ghi nhận đủ giấy tờ.",
                "Where it is wanted, entrants are told to print, sign and send the papers within the time of "
                "submission, until the receiving office has recorded all of them.",
            ),
            official=False,
        ),
    )
    similar_text = Whole(
        load_default=30,
        validate=Range(10, 100, error="Mức trùng nội dung từ 10 đến 100 phần trăm."),
        metadata=about(
            Text("Mức trùng nội dung để báo giống nhau (%)", "Shared text that is reported (%)"),
            Text(
                "Hồ sơ có phần nội dung trùng với một hồ sơ khác từ mức này trở lên được báo cho người xét.",
                "A dossier of which at least this much stands in another one is shown to the officer.",
            ),
            official=False,
        ),
    )
    similar_title = Whole(
        load_default=85,
        validate=Range(70, 100, error="Mức giống tên từ 70 đến 100 phần trăm."),
        metadata=about(
            Text("Mức giống tên để báo giống nhau (%)", "Alike titles that are reported (%)"),
            Text(
                "Hồ sơ có tên giống tên một hồ sơ khác từ mức này trở lên được báo cho người xét.",
                "A dossier whose title is at least this much like another one's is shown to the officer.",
            ),
            official=False,
        ),
    )
    deviation_percent = Whole(
        load_default=20,
        validate=Range(1, 100, error="Mức chênh điểm từ 1 đến 100 phần trăm."),
        metadata=about(
            Text("Mức chênh điểm cần thảo luận (%)", "Difference of points to deliberate on (%)"),
            Text(
                "Hồ sơ có điểm cao nhất và thấp nhất của các giám khảo cách nhau quá mức này, tính trên điểm tối đa "
                "của phiếu hoặc của một tiêu chí, được đưa vào danh sách cần thảo luận.",
                "An entry whose highest and lowest points are further apart than this, of the maximum of the sheet or "
                "of one criterion, comes on the list to deliberate.",
            ),
            official=False,
        ),
    )
    deliberation_remarks = fields.Boolean(
        load_default=True,
        error_messages={"null": "Cài đặt này cần có giá trị.", "invalid": "Viết true hoặc false."},
        metadata=about(
            Text("Cho xem nhận xét của giám khảo khi thảo luận", "Show judges' remarks in deliberations"),
            Text(
                "Khi bật, người dự thảo luận đọc được nhận xét trên các phiếu đã khóa của hồ sơ, theo số hiệu giám "
                "khảo, không có tên.",
                "When it is on, who takes part in a deliberation reads the remarks on the entry's locked sheets, under "
                "the judges' numbers and without names.",
            ),
            official=False,
        ),
    )
