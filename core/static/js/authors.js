// The page of authors: the sum of the shares while they are typed. Exact to the hundredth, in whole numbers.
const hundredths = (typed) => {
  const found = /^\s*(\d{1,3})(?:[.,](\d{1,2}))?\s*%?\s*$/.exec(typed);
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
};
const written = (sum) => `${Math.floor(sum / 100)}${sum % 100 ? `,${String(sum % 100).padStart(2, "0").replace(/0$/, "")}` : ""}`;

for (const form of document.querySelectorAll("form[data-shares]")) {
  const place = form.querySelector("[data-share-sum]");
  if (!place) continue;
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[data-share]")) return;
    const shares = [...form.querySelectorAll("[data-share]")].map((one) => one.value).filter((one) => one.trim());
    const read = shares.map(hundredths);
    place.hidden = read.includes(null);
    const sum = read.reduce((total, one) => total + (one ?? 0), 0);
    const text = document.documentElement.lang === "en" ? written(sum).replace(",", ".") : written(sum);
    place.textContent = `${place.dataset.label} ${text} %`;
  });
}
