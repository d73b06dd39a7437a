"""Rule plugins that ship with Bảng Vàng; each imports `core.plugin_api` and could live in a repository of its own."""
