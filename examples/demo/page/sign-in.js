/** Signing in by either way, with what can go wrong told in words. */

import { clearNotice, showFailure, showNotice } from "./notice.js";

export function createSignIn(client) {
  const login = async (options = {}) => {
    try {
      await client.login({ return_to: "/", ...options });
    } catch (error) {
      showFailure("The sign-in could not start.", error);
    }
  };

  /**
   * Gives whether somebody is signed in by it.
   *
   * @param {object} options
   * @param {() => Promise<void>} otherwise what to do where the browser opens no window
   */
  const loginWithPopup = async (options = {}, otherwise = () => login(options)) => {
    try {
      // Nothing is awaited before: browsers open windows for a person's click alone.
      await client.loginWithPopup(options);
      clearNotice();
      return true;
    } catch (error) {
      if (error?.code === "popup_blocked") await otherwise();
      else if (error?.code === "popup_closed") showNotice("You closed the window before you were signed in.");
      else if (error?.error === "access_denied")
        showNotice("You refused at Harbour ID, so nothing has changed.");
      else showFailure("That sign-in did not work.", error);
      return false;
    }
  };

  return { login, loginWithPopup };
}
