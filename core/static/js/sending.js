// One change on its way to the server, with the page's token: what came of it, so that who sent it knows what to tell
// and when to try again.
export class Sender {
  constructor(root) {
    this.root = root;
    this.csrf = root.querySelector("[name=csrf_token]")?.value ?? root.dataset.csrf;
  }

  // { status, told } when the server answered; else { trouble }: "line" (try later), "signedout", "renewed" (try now).
  async post(address, content) {
    const body = JSON.stringify(content);
    let response;
    try {
      response = await fetch(address, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
        body,
        keepalive: body.length < 20000,
      });
    } catch {
      return { trouble: "line" };
    }
    if (response.type === "opaqueredirect") return { trouble: "signedout" };
    const told = await response.json().catch(() => null);
    if (told === null && response.status === 400) return { trouble: await this.renew() };
    if (response.status >= 500 || response.status === 429) return { trouble: "line" };
    return { status: response.status, told };
  }

  // The page's token belongs to an older sign-in: take the new one, if there is one.
  async renew() {
    const session = await fetch("/api/v1/session").then((answer) => answer.json()).catch(() => null);
    if (session && !session.signed_in) return "signedout";
    if (!session?.csrf_token || session.csrf_token === this.csrf) return "line";
    this.csrf = session.csrf_token;
    this.root.querySelectorAll("[name=csrf_token]").forEach((field) => { field.value = this.csrf; });
    return "renewed";
  }
}
