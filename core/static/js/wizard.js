// The dossier form: tables that grow, fields that save themselves.
import { autosave } from "./autosave.js";
import { growTable } from "./rows.js";

document.querySelectorAll("[data-table]").forEach(growTable);
document.querySelectorAll("[data-autosave]").forEach(autosave);
