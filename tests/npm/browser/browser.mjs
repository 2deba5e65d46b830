// Chromium, as the console's tests start it.

import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Starts the browser that `CHROME` names. */
export const startBrowser = () => chromium.launch({ executablePath: process.env.CHROME, args: FLAGS });
