"""The registration form of a dossier, filled in to be printed, signed and confirmed."""

from __future__ import annotations

from core.plugin_api import Document, Text, hookimpl

_BODY = Text(
    """*Mẫu minh họa: mẫu phiếu của Ban Tổ chức chưa có trong nguồn công khai; các mục theo câu hỏi của hồ sơ.*

**Kính gửi:** Ban Tổ chức {edition}

## 1. Công trình

- Tên công trình: {title}
- Mã hồ sơ: {code}
- Loại hình: {answer.loai_hinh}
- Đơn vị vận động hoặc giới thiệu: {unit}

## 2. Tác giả

{authors}

## 3. Việc triển khai

- Bắt đầu triển khai: {answer.thang_trien_khai}
- Nơi triển khai: {answer.noi_trien_khai}
- Đã được triển khai, áp dụng có hiệu quả: {answer.da_trien_khai}

## 4. Tóm tắt công trình

{answer.tom_tat}

## 5. Tài liệu kèm theo

- Thuyết minh: {answer.tep_thuyet_minh}
- Minh chứng: {answer.tep_minh_chung}

## 6. Cam đoan

Tôi (chúng tôi) cam đoan những điều khai trong phiếu này và trong hồ sơ là đúng sự thật, công trình không vi phạm
quyền của người khác.

| Xác nhận của cơ quan, đơn vị | Tác giả hoặc đại diện nhóm tác giả |
| --- | --- |
| Ngày …… tháng …… năm …… | Ngày {date} |
| (ký, ghi rõ họ tên, đóng dấu) | (ký, ghi rõ họ tên) |
""",
    """*Illustration: the committee's own form is not in any public source; the items follow the dossier's questions.*

**To:** the Organising Committee of {edition}

## 1. The work

- Title: {title}
- Dossier: {code}
- Kind of work: {answer.loai_hinh}
- Unit that mobilised or referred: {unit}

## 2. Authors

{authors}

## 3. Deployment

- Deployed since: {answer.thang_trien_khai}
- Where: {answer.noi_trien_khai}
- Deployed and effective: {answer.da_trien_khai}

## 4. Summary of the work

{answer.tom_tat}

## 5. Attachments

- Description: {answer.tep_thuyet_minh}
- Evidence: {answer.tep_minh_chung}

## 6. Declaration

I (we) declare that what is stated in this form and in the dossier is true, and that the work does not infringe the
rights of others.

| Confirmation of the organisation | Author, or the authors' representative |
| --- | --- |
| Date …… | {date} |
| (signature, name, stamp) | (signature, name) |
""",
)


@hookimpl
def documents() -> tuple[Document, ...]:
    """The registration form of each dossier."""
    title = Text("Phiếu đăng ký dự thi", "Registration form")
    return (Document("phieu-dang-ky", title, _BODY, per_entry=True, clause="ho_so"),)
