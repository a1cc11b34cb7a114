const escaped = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

export function pageOf(title) {
  return `<!doctype html><title>${title.replaceAll(/[&<>]/g, (character) => escaped[character])}</title><main id="orders"></main>`;
}
