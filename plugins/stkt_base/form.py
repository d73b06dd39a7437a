"""The dossier of the family: registration, description (parts A and B), full text and evidence (part C)."""

from __future__ import annotations

from dataclasses import replace

from core.plugin_api import Choice, Edition, EntryField, FieldKind, FormField, FormSection, Text, hookimpl
from plugins.stkt_base import benefit
from plugins.stkt_base.examples import EXAMPLES
from plugins.stkt_base.settings import NAME

_DESCRIPTION_CHARS = 20000
_MAX_BYTES = 20 * 1024 * 1024
_DESCRIPTION_FILES = (".pdf", ".docx")
_IMAGES = (".jpg", ".jpeg", ".png")


@hookimpl
def entry_fields() -> tuple[EntryField, ...]:
    """The six standard fields."""
    return (
        EntryField(
            "cntt",
            Text(
                "Công nghệ thông tin, điện tử, viễn thông",
                "Information technology, electronics, telecommunications",
            ),
        ),
        EntryField(
            "co_khi",
            Text(
                "Cơ khí tự động hóa, xây dựng, giao thông vận tải",
                "Mechanical engineering and automation, construction, transport",
            ),
        ),
        EntryField("vat_lieu", Text("Vật liệu, hóa chất, năng lượng", "Materials, chemicals, energy")),
        EntryField(
            "nong_nghiep",
            Text(
                "Nông lâm ngư nghiệp, tài nguyên và môi trường",
                "Agriculture, forestry, fisheries, resources and environment",
            ),
        ),
        EntryField("y_duoc", Text("Y dược", "Medicine and pharmacy")),
        EntryField("giao_duc", Text("Giáo dục và đào tạo", "Education and training")),
    )


@hookimpl
def dossier_form(edition: Edition) -> tuple[FormSection, ...]:
    """Registration; the description B.I and II, III and IV, V; files and declaration."""
    words = edition.setting(NAME, "description_words")
    most = words if isinstance(words, int) else None
    sections = (_registration(), _content(), _assessment(), _benefit(), _files())
    return tuple(
        replace(one, fields=tuple(_finished(asked, most) for asked in one.fields)) for one in sections
    )


def _finished(asked: FormField, most_words: int | None) -> FormField:
    """A question with its example; a paragraph of the description with the limit that the committee sets."""
    described = asked.kind is FieldKind.LONG_TEXT and asked.max_chars == _DESCRIPTION_CHARS
    return replace(
        asked,
        example=EXAMPLES.get(asked.key, asked.example),
        max_words=most_words if described else asked.max_words,
    )


def _registration() -> FormSection:
    return FormSection(
        "dang_ky",
        Text("Đăng ký dự thi", "Registration"),
        (
            FormField(
                "tom_tat",
                Text("Tóm tắt giải pháp", "Summary of the solution"),
                FieldKind.LONG_TEXT,
                required=True,
                help=Text(
                    "Vài câu cho người đọc ngoài ngành; được công bố cùng giải pháp.",
                    "A few sentences for readers outside the field; published with the solution.",
                ),
                clause="phieu_dang_ky",
                max_chars=2000,
                public=True,
                official=False,
            ),
            FormField(
                "linh_vuc_ghi_chu",
                Text("Lĩnh vực liên quan khác", "Other related field"),
                FieldKind.TEXT,
                help=Text(
                    "Chỉ ghi khi giải pháp liên quan thêm một lĩnh vực ngoài lĩnh vực chính.",
                    "Only when the solution touches a field beside its main one.",
                ),
                clause="sau_linh_vuc",
                max_chars=200,
                official=False,
            ),
            FormField(
                "thang_tao_ra",
                Text("Tháng, năm tạo ra", "Month and year created"),
                FieldKind.MONTH,
                required=True,
                clause="tao_ra_trong_thoi_han",
            ),
            FormField(
                "da_ap_dung",
                Text("Giải pháp đã được áp dụng trong thực tế", "The solution has been applied in practice"),
                FieldKind.CHECK,
                help=Text("Giải pháp mới ở mức ý tưởng không được xét.", "A mere idea is not considered."),
                clause="da_ap_dung",
            ),
            FormField(
                "thang_ap_dung",
                Text("Tháng, năm áp dụng", "Month and year applied"),
                FieldKind.MONTH,
                required=True,
                clause="tao_ra_trong_thoi_han",
            ),
            FormField(
                "noi_ap_dung",
                Text("Nơi áp dụng", "Where it is applied"),
                FieldKind.TEXT,
                required=True,
                clause="da_ap_dung",
                max_chars=500,
                public=True,
                official=False,
            ),
            FormField(
                "minh_chung_ap_dung",
                Text("Minh chứng áp dụng", "Evidence of application"),
                FieldKind.LONG_TEXT,
                help=Text(
                    "Nêu nơi áp dụng, quy mô, kết quả đo được và văn bản xác nhận nếu có.",
                    "Say where, on what scale, with which measured results, and which document confirms it.",
                ),
                clause="da_ap_dung",
                max_chars=5000,
                official=False,
            ),
            FormField(
                "don_vi_xac_nhan",
                Text("Đơn vị hoặc chính quyền địa phương xác nhận", "Confirming unit or local authority"),
                FieldKind.TEXT,
                clause="phieu_dang_ky",
                max_chars=300,
                official=False,
            ),
            FormField(
                "giai_thuong_da_dat",
                Text("Giải thưởng giải pháp đã đạt", "Awards already won"),
                FieldKind.TEXT,
                help=Text("Để trống nếu chưa đạt giải thưởng nào.", "Leave empty if there is none."),
                clause="giai_thuong_da_dat",
                max_chars=500,
                official=False,
            ),
        ),
    )


def _content() -> FormSection:
    return FormSection(
        "mo_ta",
        Text("B. Mô tả: giải pháp đã biết và nội dung", "B. Description: known solutions and content"),
        (
            _paragraphs(
                "giai_phap_da_biet",
                Text("I. Các giải pháp kỹ thuật đã biết", "I. Known technical solutions"),
                Text(
                    "Giải pháp tương tự trong và ngoài nước, ưu điểm, nhược điểm; nếu chưa có thì nêu cơ sở "
                    "thực tiễn, lý luận.",
                    "Similar solutions at home and abroad with their strengths and weaknesses; if none, the "
                    "practical or theoretical basis.",
                ),
            ),
            _paragraphs(
                "noi_dung",
                Text("II.1. Nội dung giải pháp", "II.1. Content of the solution"),
                Text(
                    "Mục đích, cách thực hiện, sản phẩm, thông số kỹ thuật.",
                    "Aim, method, product, technical parameters.",
                ),
            ),
            _paragraphs(
                "ban_chat",
                Text("II.2. Bản chất giải pháp", "II.2. Core of the solution"),
                Text("Điều cốt lõi làm nên giải pháp.", "What makes it the solution it is."),
            ),
        ),
        help=Text(
            "Phần A là tên giải pháp, ghi đúng như phiếu đăng ký.",
            "Part A is the title, the same as in the registration.",
        ),
    )


def _assessment() -> FormSection:
    return FormSection(
        "danh_gia",
        Text("B. Mô tả: tính mới, khả năng áp dụng", "B. Description: novelty, applicability"),
        (
            _paragraphs(
                "tinh_moi",
                Text("III. Tính mới và tính sáng tạo", "III. Novelty and creativity"),
                Text("Những điểm mới so với giải pháp đã biết.", "What is new beside known solutions."),
                clause="tieu_chi_tinh_moi",
            ),
            FormField(
                "muc_do_moi",
                Text("Mức độ mới", "Level of novelty"),
                FieldKind.CHOICE,
                required=True,
                clause="ban_mo_ta",
                choices=(
                    Choice("don_vi", Text("Mới trong đơn vị", "New in the unit")),
                    Choice("tinh", Text("Mới trong tỉnh", "New in the province")),
                    Choice("toan_quoc", Text("Mới trong nước", "New in the country")),
                    Choice("the_gioi", Text("Mới trên thế giới", "New in the world")),
                ),
            ),
            _paragraphs(
                "kha_nang_ap_dung",
                Text("IV. Khả năng áp dụng", "IV. Applicability"),
                Text(
                    "Giai đoạn đã đạt, quy mô, khả năng nhân rộng, người sử dụng.",
                    "Stage reached, scale, replication, users.",
                ),
                clause="tieu_chi_kha_nang",
            ),
        ),
    )


def _benefit() -> FormSection:
    return FormSection(
        "hieu_qua",
        Text("B. Mô tả: hiệu quả", "B. Description: benefit"),
        (
            _paragraphs(
                "hieu_qua_ky_thuat",
                Text("V.1. Hiệu quả kỹ thuật", "V.1. Technical benefit"),
                Text(
                    "Năng suất, chất lượng, độ bền, thời gian; nêu số đo.",
                    "Output, quality, durability, time; measured.",
                ),
                clause="tieu_chi_hieu_qua",
            ),
            _paragraphs(
                "hieu_qua_kinh_te",
                Text("V.2. Hiệu quả kinh tế", "V.2. Economic benefit"),
                Text(
                    "Giải pháp làm lợi từ đâu; số tiền ghi ở bảng ngay dưới.",
                    "Where the benefit comes from; amounts go below.",
                ),
                clause="tieu_chi_hieu_qua",
            ),
            benefit.in_money(),
            benefit.total(),
            benefit.not_in_money(),
            _paragraphs(
                "hieu_qua_xa_hoi",
                Text("V.3. Hiệu quả xã hội, môi trường", "V.3. Social and environmental benefit"),
                Text("Ai được lợi và được gì ngoài tiền.", "Who gains, and what beside money."),
                clause="tieu_chi_hieu_qua",
            ),
        ),
    )


def _files() -> FormSection:
    return FormSection(
        "tai_lieu",
        Text("C. Toàn văn và tài liệu kèm theo", "C. Full text and attachments"),
        (
            _attached(
                "tep_toan_van",
                Text("Toàn văn giải pháp", "Full text of the solution"),
                _DESCRIPTION_FILES,
                2,
                required=True,
            ),
            _pictures(Text("Hình ảnh, bản vẽ", "Pictures and drawings"), _IMAGES),
            _attached(
                "tep_minh_chung",
                Text("Văn bản xác nhận, minh chứng", "Confirmations and evidence"),
                (*_DESCRIPTION_FILES, *_IMAGES),
                5,
            ),
            FormField(
                "cam_doan",
                Text(
                    "Tôi cam đoan nội dung hồ sơ là đúng sự thật và không vi phạm quyền của người khác",
                    "I declare that this dossier is true and violates nobody's rights",
                ),
                FieldKind.CHECK,
                required=True,
                clause="phieu_dang_ky",
                official=False,
            ),
        ),
    )


def _paragraphs(key: str, label: Text, asked: Text | None = None, *, clause: str = "ban_mo_ta") -> FormField:
    return FormField(
        key,
        label,
        FieldKind.LONG_TEXT,
        required=True,
        help=asked,
        clause=clause,
        max_chars=_DESCRIPTION_CHARS,
        official=False,
    )


def _pictures(label: Text, accept: tuple[str, ...]) -> FormField:
    """Pictures stand with the entry in the public gallery, and the entrant is told so."""
    pictures = _attached("hinh_anh", label, accept, 10)
    told = Text(
        "Hình ảnh được đăng công khai cùng bài dự thi, không kèm thông tin của máy ảnh. "
        "Mỗi tệp không quá 20 MB (minh họa).",
        "Pictures are shown publicly with the entry, without the camera's data. "
        "At most 20 MB a file (illustration).",
    )
    return replace(pictures, help=told, public=True)


def _attached(
    key: str, label: Text, accept: tuple[str, ...], max_files: int, *, required: bool = False
) -> FormField:
    return FormField(
        key,
        label,
        FieldKind.FILES,
        required=required,
        help=Text("Mỗi tệp không quá 20 MB (minh họa).", "At most 20 MB a file (illustration)."),
        clause="tep_dinh_kem",
        accept=accept,
        max_files=max_files,
        max_bytes=_MAX_BYTES,
        official=False,
    )
