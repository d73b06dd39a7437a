// Passkeys: the browser makes or reads one, and its answer goes to the server in a form like any other.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const described = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function made(options) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: described(options.excludeCredentials),
    },
  });
  const { attestationObject, clientDataJSON } = credential.response;
  return answer(credential, { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) });
}

async function read(options) {
  const credential = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) },
  });
  const { authenticatorData, clientDataJSON, signature, userHandle } = credential.response;
  return answer(credential, {
    authenticatorData: text(authenticatorData),
    clientDataJSON: text(clientDataJSON),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

const answer = (credential, response) => JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });

for (const form of document.querySelectorAll("[data-passkey-create], [data-passkey-get]")) {
  const told = form.querySelector("[data-passkey-error]");
  // Before the guard against a second press, which would take this stop for the form's own way.
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    told.hidden = true;
    try {
      const { passkeyCreate, passkeyGet } = form.dataset;
      form.elements.credential.value = await (passkeyCreate ? made(JSON.parse(passkeyCreate)) : read(JSON.parse(passkeyGet)));
    } catch {
      told.hidden = false;
      return;
    }
    form.requestSubmit();
  }, { capture: true });
}
