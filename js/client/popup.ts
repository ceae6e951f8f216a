/**
 * A sign-in in a window of its own. Its callback comes by the page's own channel, which no other origin can write to or listen on, whatever
 * the authorization server's pages do to the link between the windows (Cross-Origin-Opener-Policy).
 *
 * @module
 */
import { EdgewardError } from "../errors.ts";
import type { Tabs } from "./tabs.ts";

/** How often it is looked whether the person has closed the window: browsers tell nobody. Nothing is decided by it but when the page shows that. */
const lookMilliseconds = 250;

/** Opens the window. It must be called before anything is awaited, because browsers open windows for a person's click alone. */
export function openPopup(): Window {
  const [width, height] = [480, 720];
  const left = Math.max(0, screenX + (outerWidth - width) / 2);
  const top = Math.max(0, screenY + (outerHeight - height) / 2);
  const features = `popup,width=${width},height=${height},left=${left},top=${top}`;
  const popup = open("about:blank", "_blank", features);
  if (popup === null) {
    const message = "the browser has opened no window; call it when a button is pressed, or use login()";
    throw new EdgewardError("popup_blocked", message);
  }
  return popup;
}

/**
 * Sends the window to the authorization server and waits for the callback.
 *
 * @throws EdgewardError `popup_closed`.
 */
export function callbackOf(popup: Window, url: string, state: string, tabs: Tabs): Promise<string> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearInterval(looking);
      stop();
    };
    const looking = setInterval(() => {
      // A window whose link to this one is cut says that it is closed as well. Then it is in front, and this one has no focus.
      if (!popup.closed || !document.hasFocus()) return;
      end();
      reject(
        new EdgewardError("popup_closed", "the window was closed before the sign-in was through; try again"),
      );
    }, lookMilliseconds);
    const stop = tabs.awaitCallback(state, (callback) => {
      end();
      popup.close();
      resolve(callback);
    });
    popup.location.replace(url);
  });
}
