// A Worker that decides nothing: what all others are held against.

import { forward } from "./setting.mjs";

export default { fetch: forward };
