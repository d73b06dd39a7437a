// The line that says whether the server has what was typed.
const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);
const items = (count) => say(`${count} mục`, count === 1 ? "1 field" : `${count} fields`);

export function tellState(place, signIn) {
  if (!place) return () => {};
  const text = place.querySelector("span");
  const icon = place.querySelector("svg");
  let shown = "";
  return (kind, { count = 0, at, wrong = 0, message } = {}) => {
    // A key does not change what is said of a line that is cut.
    if (kind === "typing" && place.classList.contains("savestate--held")) return;
    const words = {
      typing: say("Đang gõ…", "Typing…"),
      saving: say("Đang lưu…", "Saving…"),
      saved: wrong
        ? say(`Đã giữ lúc ${at} nguyên như bạn gõ; mục này còn chỗ cần sửa.`, `Kept at ${at} as you typed it; this field needs a correction.`)
        : at ? say(`Đã lưu ${at}.`, `Saved ${at}.`) : say("Đã lưu.", "Saved."),
      unfit: say("Có điểm chưa đúng nên chưa lưu; bạn xem ở tiêu chí.", "Some points do not fit and are not saved: see the criterion."),
      held: say(`Chưa gửi được, còn ${items(count)} giữ trên máy này; máy sẽ tự gửi lại.`, `Not sent yet: ${items(count)} kept on this machine, to be sent again by itself.`),
      offline: say("Không có mạng. Bạn cứ viết tiếp, máy này giữ lại và sẽ tự gửi.", "No connection. Go on writing: it is kept on this machine and sent later."),
      conflict: say("Có mục vừa được lưu ở một trang khác. Bạn hãy chọn bản được giữ.", "A field was saved on another page. Choose the copy to keep."),
      signedout: say(`Bạn đã bị đăng xuất. ${items(count)} vẫn giữ trên máy này. `, `You are signed out. ${items(count)} kept on this machine. `),
      refused: say(`${message ?? "Máy chủ không nhận."} Chữ bạn vừa gõ vẫn giữ trên máy này.`, `${message ?? "The server refused."} What you typed is kept on this machine.`),
    }[kind];
    const calm = kind === "saved";
    const busy = kind === "typing" || kind === "saving";
    place.hidden = false;
    place.className = `savestate${calm && !wrong ? "" : busy ? " savestate--busy" : " savestate--held"}`;
    icon?.toggleAttribute("hidden", !calm || wrong > 0);
    if (words === shown) return;
    shown = words;
    text.textContent = words;
    if (kind === "signedout") {
      text.append(Object.assign(document.createElement("a"), { href: signIn, textContent: say("Đăng nhập lại để lưu tiếp", "Sign in again to go on") }));
    }
  };
}
