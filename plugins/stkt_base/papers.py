"""The registration form of a dossier: who the authors are, and their unit's or local authority's confirmation."""

from __future__ import annotations

from core.plugin_api import Document, Text, hookimpl

_BODY = Text(
    """*Mẫu minh họa: mẫu phiếu của tỉnh chưa có trong nguồn công khai; phiếu cần nêu thông tin tác giả và có
xác nhận của đơn vị hoặc chính quyền địa phương.*

**Kính gửi:** Ban Tổ chức {edition}

## 1. Giải pháp

- Tên giải pháp: {title}
- Mã hồ sơ: {code}
- Lĩnh vực dự thi: {field}
- Lĩnh vực liên quan khác: {answer.linh_vuc_ghi_chu}

## 2. Tác giả, đồng tác giả

{authors}

- Đơn vị vận động hoặc giới thiệu: {unit}

## 3. Tạo ra và áp dụng

- Tháng, năm tạo ra: {answer.thang_tao_ra}
- Tháng, năm áp dụng: {answer.thang_ap_dung}
- Nơi áp dụng: {answer.noi_ap_dung}
- Giải thưởng giải pháp đã đạt: {answer.giai_thuong_da_dat}

## 4. Tóm tắt giải pháp

{answer.tom_tat}

## 5. Hồ sơ kèm theo

- Toàn văn giải pháp: {answer.tep_toan_van}
- Văn bản xác nhận, minh chứng: {answer.tep_minh_chung}

## 6. Cam đoan

Tôi (chúng tôi) cam đoan giải pháp nêu trên do tôi (chúng tôi) tạo ra, những điều khai trong phiếu này là đúng sự thật.

| Xác nhận của đơn vị hoặc chính quyền địa phương | Tác giả hoặc đại diện nhóm tác giả |
| --- | --- |
| {answer.don_vi_xac_nhan} | Ngày {date} |
| (ký, ghi rõ họ tên, đóng dấu) | (ký, ghi rõ họ tên) |
""",
    """*Illustration: the province's own form is not in any public source; a form identifies the authors and carries the
confirmation of their unit or local authority.*

**To:** the Organising Committee of {edition}

## 1. The solution

- Title: {title}
- Dossier: {code}
- Field: {field}
- Other related field: {answer.linh_vuc_ghi_chu}

## 2. Authors

{authors}

- Unit that mobilised or referred: {unit}

## 3. Creation and application

- Created: {answer.thang_tao_ra}
- Applied: {answer.thang_ap_dung}
- Where it is applied: {answer.noi_ap_dung}
- Awards already won: {answer.giai_thuong_da_dat}

## 4. Summary of the solution

{answer.tom_tat}

## 5. Attachments

- Full text: {answer.tep_toan_van}
- Confirmations and evidence: {answer.tep_minh_chung}

## 6. Declaration

I (we) declare that the solution above is of my (our) making and that what is stated in this form is true.

| Confirmation of the unit or local authority | Author, or the authors' representative |
| --- | --- |
| {answer.don_vi_xac_nhan} | {date} |
| (signature, name, stamp) | (signature, name) |
""",
)


@hookimpl
def documents() -> tuple[Document, ...]:
    """The registration form of each dossier."""
    title = Text("Phiếu đăng ký dự thi", "Registration form")
    return (Document("phieu-dang-ky", title, _BODY, per_entry=True, clause="phieu_dang_ky"),)
