"""Answers as they could be, of one invented work; shown folded beside each question and marked as illustrations."""

from __future__ import annotations

from core.plugin_api import Text

EXAMPLES: dict[str, Text] = {
    "tom_tat": Text(
        "Phần mềm nhắc lịch tiêm cho trạm y tế xã: tự lập danh sách trẻ đến hạn, nhắn cha mẹ qua điện "
        "thoại. Ba xã đã dùng từ tháng 1/2025, tỷ lệ tiêm đúng lịch tăng từ 78 % lên 93 %.",
        "A reminder for commune health stations: it lists the children whose vaccination is due and sends "
        "their parents a message. Three communes have used it since January 2025; the share in time rose "
        "from 78 % to 93 %.",
    ),
    "minh_chung_trien_khai": Text(
        "Ba trạm y tế dùng hằng ngày từ 1/2025, 1.240 trẻ có trong danh sách; kèm xác nhận của trạm và số "
        "liệu tháng.",
        "Three stations use it daily since January 2025, with 1,240 children; confirmations and monthly "
        "figures attached.",
    ),
    "doi_moi_sang_tao": Text(
        "Điểm mới: danh sách lập ngay cả khi mất mạng và tự ghép lại khi có mạng; các phần mềm đã công bố "
        "đều cần mạng liên tục. Nội dung kỹ thuật: cơ sở dữ liệu trên máy trạm, đồng bộ theo từng bản "
        "ghi.",
        "New: lists are made even offline and joined again when the line is back, while published "
        "software needs a line all the time. Technically: a database at the station, synchronised record "
        "by record.",
    ),
    "hieu_qua_kinh_te_xa_hoi": Text(
        "Cán bộ trạm bớt 2 ngày công mỗi tháng; số trẻ tiêm muộn giảm từ 27 xuống 9 mỗi tháng. Cách tính: "
        "so sánh sổ tiêm sáu tháng trước và sáu tháng sau khi dùng.",
        "Staff save 2 working days a month; late vaccinations fell from 27 to 9 a month. Computed from "
        "the registers of six months before and after.",
    ),
    "loi_ich_khong_thanh_tien": Text(
        "Trẻ được tiêm đúng lịch; cha mẹ ở xóm xa không phải đi lại để hỏi lịch.",
        "Children are vaccinated in time; parents in remote hamlets need not travel to ask.",
    ),
    "kha_nang_ap_dung": Text(
        "Mọi trạm y tế xã trong tỉnh dùng được trên máy tính đang có; cài đặt một buổi, không tốn phí bản "
        "quyền.",
        "Every commune station can use it on its present computer; it takes half a day to install and no "
        "licence.",
    ),
}
