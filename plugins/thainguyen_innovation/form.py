"""The dossier of the Thái Nguyên contest: kind of work, deployment, the three criteria, benefit, files."""

from __future__ import annotations

from dataclasses import replace

from core.plugin_api import Choice, Edition, FieldKind, FormField, FormSection, Text, hookimpl
from plugins.thainguyen_innovation import benefit
from plugins.thainguyen_innovation.examples import EXAMPLES
from plugins.thainguyen_innovation.settings import NAME

_DESCRIPTION_CHARS = 20000
_MAX_BYTES = 20 * 1024 * 1024


@hookimpl
def dossier_form(edition: Edition) -> tuple[FormSection, ...]:
    """The kinds are those of the committee's letter of 2026; the rest follows the criteria of the jury."""
    words = edition.setting(NAME, "description_words")
    most = words if isinstance(words, int) else None
    sections = (_work(), _criteria(), _benefit(), _files())
    return tuple(
        replace(one, fields=tuple(_finished(asked, most) for asked in one.fields)) for one in sections
    )


def _finished(asked: FormField, most_words: int | None) -> FormField:
    """A question with its example; what describes the work with the limit that the committee sets."""
    described = asked.kind is FieldKind.LONG_TEXT and asked.max_chars == _DESCRIPTION_CHARS
    return replace(
        asked,
        example=EXAMPLES.get(asked.key, asked.example),
        max_words=most_words if described else asked.max_words,
    )


def _work() -> FormSection:
    return FormSection(
        "cong_trinh",
        Text("Công trình và việc triển khai", "The work and its deployment"),
        (
            FormField(
                "loai_hinh",
                Text("Loại hình", "Kind of work"),
                FieldKind.CHOICE,
                required=True,
                clause="da_trien_khai",
                choices=(
                    Choice("du_an", Text("Dự án", "Project")),
                    Choice("san_pham", Text("Sản phẩm", "Product")),
                    Choice("cong_trinh", Text("Công trình", "Work")),
                    Choice("giai_phap_ky_thuat", Text("Giải pháp kỹ thuật", "Technical solution")),
                    Choice("cong_nghe", Text("Công nghệ", "Technology")),
                    Choice("giai_phap_quan_ly", Text("Giải pháp quản lý", "Management solution")),
                ),
                public=True,
            ),
            FormField(
                "tom_tat",
                Text("Tóm tắt công trình", "Summary of the work"),
                FieldKind.LONG_TEXT,
                required=True,
                help=Text(
                    "Vài câu cho người bình chọn; được công bố cùng công trình.",
                    "A few sentences for those who vote; published with the work.",
                ),
                clause="ho_so",
                max_chars=2000,
                public=True,
                official=False,
            ),
            FormField(
                "da_trien_khai",
                Text(
                    "Công trình đã được triển khai, áp dụng có hiệu quả", "The work is deployed and effective"
                ),
                FieldKind.CHECK,
                help=Text(
                    "Cuộc thi xét công trình đã được triển khai vào thực tiễn.",
                    "The Contest considers works already put into practice.",
                ),
                clause="da_trien_khai",
            ),
            FormField(
                "thang_trien_khai",
                Text("Tháng, năm bắt đầu triển khai", "Month and year of deployment"),
                FieldKind.MONTH,
                required=True,
                clause="da_trien_khai",
                official=False,
            ),
            FormField(
                "noi_trien_khai",
                Text("Nơi triển khai", "Where it is deployed"),
                FieldKind.TEXT,
                required=True,
                clause="da_trien_khai",
                max_chars=500,
                public=True,
                official=False,
            ),
            FormField(
                "minh_chung_trien_khai",
                Text("Minh chứng triển khai và hiệu quả", "Evidence of deployment and effect"),
                FieldKind.LONG_TEXT,
                help=Text(
                    "Nêu quy mô, kết quả đo được, văn bản xác nhận nếu có.",
                    "Scale, measured results, and documents that confirm it.",
                ),
                clause="da_trien_khai",
                max_chars=5000,
                official=False,
            ),
        ),
    )


def _criteria() -> FormSection:
    return FormSection(
        "thuyet_minh",
        Text("Đổi mới sáng tạo và khả năng áp dụng", "Innovation and applicability"),
        (
            _paragraphs(
                "doi_moi_sang_tao",
                Text("Tính đổi mới sáng tạo", "Innovation"),
                Text(
                    "Điểm mới so với công trình đã công bố; nội dung kỹ thuật, công nghệ hoặc quản lý.",
                    "What is new beside published works; the technical, technological or management content.",
                ),
                "tieu_chi_doi_moi",
            ),
            _paragraphs(
                "kha_nang_ap_dung",
                Text("Khả năng áp dụng", "Applicability"),
                Text(
                    "Khả năng áp dụng rộng rãi trong sản xuất, kinh doanh và đời sống xã hội của tỉnh.",
                    "How widely it can be used in production, business and social life of the province.",
                ),
                "tieu_chi_kha_nang",
            ),
        ),
    )


def _benefit() -> FormSection:
    return FormSection(
        "hieu_qua",
        Text("Hiệu quả kinh tế - xã hội", "Economic and social benefit"),
        (
            _paragraphs(
                "hieu_qua_kinh_te_xa_hoi",
                Text("Hiệu quả kinh tế - xã hội", "Economic and social benefit"),
                Text(
                    "Lợi ích đã đạt được sau khi áp dụng và cách tính.",
                    "The benefit reached since it was applied, and how it was computed.",
                ),
                "tieu_chi_hieu_qua",
            ),
            benefit.in_money(),
            benefit.total(),
            FormField(
                "loi_ich_khong_thanh_tien",
                Text("Lợi ích không tính được thành tiền", "Benefit that cannot be counted in money"),
                FieldKind.LONG_TEXT,
                help=Text(
                    "Việc làm, điều kiện sống, sức khỏe, điều kiện làm việc, an toàn lao động, môi trường.",
                    "Jobs, living conditions, health, working conditions, labour safety, environment.",
                ),
                clause="tieu_chi_hieu_qua",
                max_chars=10000,
                official=False,
            ),
            benefit.not_in_money(),
        ),
    )


def _files() -> FormSection:
    return FormSection(
        "tai_lieu",
        Text("Tài liệu kèm theo", "Attachments"),
        (
            _attached(
                "tep_thuyet_minh",
                Text("Bản thuyết minh", "Full description"),
                (".pdf", ".docx"),
                2,
                required=True,
            ),
            _pictures(Text("Hình ảnh", "Pictures"), (".jpg", ".jpeg", ".png")),
            _attached(
                "tep_minh_chung",
                Text("Tài liệu minh chứng", "Evidence"),
                (".pdf", ".docx", ".jpg", ".jpeg", ".png"),
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
                clause="ho_so",
                official=False,
            ),
        ),
    )


def _paragraphs(key: str, label: Text, asked: Text, clause: str) -> FormField:
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
