"""What plugins bring beside their rules: pages, panels, documents, tables, jobs, templates and translations."""
