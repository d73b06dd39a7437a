"""Answers as they could be, of one invented solution; shown folded beside each question and marked as illustrations."""

from __future__ import annotations

from core.plugin_api import Text

EXAMPLES: dict[str, Text] = {
    "tom_tat": Text(
        "Máy sấy chè dùng khí nóng từ bộ thu năng lượng mặt trời, có lò phụ đốt trấu cho ngày mưa. Một mẻ "
        "20 kg sấy trong 4 giờ, giảm một nửa lượng than so với lò cũ; ba hộ ở xã đã dùng từ tháng 3/2024.",
        "A tea dryer that uses hot air from a solar collector, with a husk burner for rainy days. A batch "
        "of 20 kg takes 4 hours and half the coal of the old kiln; three households have used it since "
        "March 2024.",
    ),
    "giai_phap_da_biet": Text(
        "Lò sấy than tổ ong: rẻ, nhưng khói làm chè ám mùi, khó giữ nhiệt đều. Máy sấy điện 15 kW: nhiệt "
        "đều, nhưng giá 80 triệu đồng và điện ba pha, hộ nhỏ không dùng được.",
        "Coal kilns: cheap, but the smoke taints the tea and the heat is uneven. Electric dryers of 15 "
        "kW: even heat, but VND 80 million and three-phase power, beyond a small household.",
    ),
    "noi_dung": Text(
        "Mục đích: sấy chè sạch khói với chi phí hộ nhỏ chịu được. Cách làm: bộ thu 6 m² phủ kính, quạt "
        "90 W, buồng sấy ba khay, van chuyển sang lò trấu. Thông số: 60–75 độ, 20 kg một mẻ, 4 giờ.",
        "Aim: tea dried without smoke at a small household's cost. Method: a glazed collector of 6 m², a "
        "90 W fan, a chamber with three trays, a valve to the husk burner. Parameters: 60–75 degrees, 20 "
        "kg a batch, 4 hours.",
    ),
    "ban_chat": Text(
        "Hai nguồn nhiệt dùng chung một buồng hòa khí, nhờ đó nhiệt độ buồng sấy giữ trong khoảng 5 độ "
        "khi đổi nguồn.",
        "Both sources of heat share one mixing chamber, which keeps the dryer within 5 degrees when the "
        "source changes.",
    ),
    "tinh_moi": Text(
        "Điểm mới: buồng hòa khí chung cho hai nguồn nhiệt; cảm biến đóng van trấu khi trời nắng lại. "
        "Chưa thấy máy sấy chè nào trong tỉnh làm như vậy.",
        "New: one mixing chamber for two sources; a sensor that shuts the husk valve when the sun is "
        "back. No tea dryer in the province is known to do so.",
    ),
    "kha_nang_ap_dung": Text(
        "Đã chạy ở ba hộ, 14 tháng. Thợ cơ khí của xã tự làm được theo bản vẽ; vật tư mua tại huyện, "
        "khoảng 18 triệu đồng một máy. Dùng được cho dong riềng, măng, nấm.",
        "Run by three households for 14 months. A village workshop can build it from the drawing; "
        "materials, about VND 18 million, are sold in the district. It also dries canna, bamboo shoots "
        "and mushrooms.",
    ),
    "hieu_qua_ky_thuat": Text(
        "Thời gian một mẻ giảm từ 7 giờ xuống 4 giờ; độ ẩm chè thành phẩm 5 ± 0,5 %.",
        "A batch takes 4 hours instead of 7; the moisture of the tea is 5 ± 0.5 %.",
    ),
    "hieu_qua_kinh_te": Text(
        "Mỗi hộ bớt 6 tấn than một năm và bán chè cao hơn 20.000 đồng/kg; từng khoản ghi ở bảng dưới.",
        "Each household saves 6 tonnes of coal a year and sells its tea for VND 20,000 more a kilogram; "
        "see the table below.",
    ),
    "hieu_qua_xa_hoi": Text(
        "Người đứng máy không còn hít khói than; không còn xỉ than đổ ra suối.",
        "Nobody at the dryer breathes coal smoke any more, and no slag goes into the stream.",
    ),
    "minh_chung_ap_dung": Text(
        "Ba hộ ở xóm … dùng từ 3/2024, mỗi hộ khoảng 150 mẻ; có giấy xác nhận của Ủy ban nhân dân xã kèm "
        "theo.",
        "Three households of … since March 2024, about 150 batches each; the commune's confirmation is "
        "attached.",
    ),
}
