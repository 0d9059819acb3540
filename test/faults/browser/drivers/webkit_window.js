#!/usr/bin/gjs
/**
 * A WebKit browser that has nothing but pages and a profile: the folder in `PROFILE`, or none where it is empty. The
 * browser that WebKit's driver comes with forgets everything at its end when it is driven.
 * `BLOCKS_COOKIES=1`: no site may keep a cookie.
 */
imports.gi.versions.Gtk = '3.0';
imports.gi.versions.WebKit2 = '4.1';
const { GLib, Gtk, WebKit2 } = imports.gi;

Gtk.init(null);
const folder = GLib.getenv('PROFILE');
const context = new WebKit2.WebContext({
  website_data_manager: folder
    ? new WebKit2.WebsiteDataManager({ base_data_directory: `${folder}/data`, base_cache_directory: `${folder}/cache` })
    : WebKit2.WebsiteDataManager.new_ephemeral(),
});
const cookies = context.get_cookie_manager();
if (folder) cookies.set_persistent_storage(`${folder}/cookies.sqlite`, WebKit2.CookiePersistentStorage.SQLITE);
const areCookiesBlocked = GLib.getenv('BLOCKS_COOKIES') === '1';
if (areCookiesBlocked) cookies.set_accept_policy(WebKit2.CookieAcceptPolicy.NEVER);

let windows = 0;

const open = (options) => {
  const view = new WebKit2.WebView({ is_controlled_by_automation: true, ...options });
  const settings = view.get_settings();
  settings.javascript_can_open_windows_automatically = true;
  if (areCookiesBlocked) settings.enable_html5_local_storage = false;
  const window = new Gtk.Window({ default_width: 1000, default_height: 800 });
  window.add(view);
  windows++;
  view.connect('close', () => window.destroy());
  view.connect('create', () => open({ related_view: view }));
  window.connect('destroy', () => {
    windows--;
    if (windows === 0) Gtk.main_quit();
  });
  window.show_all();
  return view;
};

context.set_automation_allowed(true);
context.connect('automation-started', (_context, session) => {
  const info = new WebKit2.ApplicationInfo();
  info.set_name('webkit');
  info.set_version(1, 0, 0);
  session.set_application_info(info);
  session.connect('create-web-view', () => open({ web_context: context }));
});
Gtk.main();
