/** Pages of Chromium's own behind its address bar, loaded anew for each visit: half of all that a visit costs. */
const OWN_PAGES = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup', 'PreloadTopChromeWebUI'];

/** A process made ahead for each visit's next page, when there is none: it is thrown away with the visit. */
const MADE_AHEAD = ['SpareRendererForSitePerProcess'];

/** What Playwright switches off. Of two such switches the last counts alone, so ours must name these too: a test compares. */
const OFF_ANYWAY = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
];

/**
 * For a Chromium that Playwright starts: windows without the pages that only a person at the address bar would see, processes only
 * for pages that are opened.
 */
export const LEAN_WINDOWS = `--disable-features=${[...OFF_ANYWAY, ...OWN_PAGES, ...MADE_AHEAD].join(',')}`;
