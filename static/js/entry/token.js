// The token against forged requests as it is now: signing in again in another tab changes it for every form here.
export function token() {
  const found = /(?:^|; )(?:__Host-)?csrf=([^;]+)/.exec(document.cookie);
  return found ? found[1] : "";
}

export function refreshForms() {
  const now = token();
  if (!now) return;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = now;
}
