/** @param {any[]} _a @returns {string[]} */
export const writeDocuments = (..._a) => [];
