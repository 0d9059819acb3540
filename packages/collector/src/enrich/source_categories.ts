/**
 * What kind of place a traffic source is: the lists behind the GA4 rules that say "source matches a list of … sites".
 * Written from public knowledge of the sites themselves; where GA4's own list is known to be peculiar
 * (its `google-play` is shopping, its forums are social) it is followed.
 *
 * Three forms, separated by blanks:
 *   `bing.com`   that domain and everything below it, as a referrer or as a utm_source
 *   `google.*`   that name under any country's suffix (google.fr, google.co.uk), and the bare utm_source `google`
 *   `fb`         the bare utm_source only
 */
export const SOURCE_LISTS = {
  search: `
    360.cn abv.bg alice.it alltheweb.com altavista.com aol aol.com ask.com atlas.cz auone.jp avg.com avira.com
    babylon.com baidu.* biglobe.ne.jp bigmir.net bing.* bluewin.ch brave buscador.terra.es centrum.cz clix.pt
    coccoc.com com.google.android.googlequicksearchbox comcast.net conduit.com daum.net ddg ddg.gg dir.bg dogpile
    dogpile.com duckduckgo.* earthlink.net ecosia.* ekoru.org eniro.dk eniro.no eniro.se entireweb.com exalead.com
    exalead.fr excite.co.jp excite.com fireball.de freenet.de ghostery.com gibiru.com gigablast.com givero.com
    globo.com glowery.com gmx.at gmx.net go.mail.ru goo.ne.jp google.* googleweblight.com haosou.com heureka.hu
    hispavista.com hooseek.com hotbot.com i.ua info.com infospace.com ixquick.com izito izito.com kagi kagi.com
    karmasearch karmasearch.org kataweb.it kvasir.no lemoteur.orange.fr libero.it lilo.org lukol.com lycos.* meta.ua
    metacrawler.com metager.de metager.org mojeek.co.uk mojeek.com msn msn.com mywebsearch.com najdi.si nate.com
    naver naver.com neeva.com netsprint.pl nifty.com ok.hu onet.pl oscobo.com ozu.es peekier.com presearch.com
    presearch.org privado.com qwant.* qwantjunior.com rambler.ru recherche.sfr.fr rediff.com sapo.pt
    search-results.com search.1und1.de search.brave.com search.ch search.com search.creativecommons.org
    search.free.fr search.handycafe.com search.live.com search.marginalia.nu search.smt.docomo.ne.jp
    search.snapdo.com search.yahoo.co.jp searx.me sesam.no seznam seznam.cz sm.cn so.com sogou sogou.com soso.com
    sputnik.ru startpage.* startpagina.nl swisscows.ch swisscows.com t-online.de terra.com.br tiscali.it toutiao.com
    tut.by ukr.net uol.com.br virgilio.it voila.fr web.de webcrawler.com websearch.rakuten.co.jp wow.com wp.pl ya.ru
    yahoo.* yandex.* yauba.com yep.com youdao.com zapmeta.com zum.com`,

  social: `
    21buttons.com 500px.com 9gag 9gag.com agorapulse ameba.jp ameblo.jp answers.com answers.yahoo.com artstation.com
    ask.fm aufeminin.com babelio.com badoo badoo.com band.us bandcamp.com beacons.ai bebo.com behance behance.net
    bereal.com blogger blogger.com blogspot.com bluesky bsky.app buff.ly buffer buffer.com canalblog.com chefkoch.de
    classmates.com clubhouse.com com.facebook.katana com.flipboard com.instagram.android com.linkedin.android
    com.pinterest com.reddit.frontpage com.twitter.android com.zhiliaoapp.musically commentcamarche.net
    copainsdavant.linternaute.com couchsurfing.com delicious.com deviantart.com digg digg.com diigo.com discord
    discord.com discord.gg discordapp.com disqus disqus.com doctissimo.fr douban douban.com douyin.com dribbble
    dribbble.com ello.co facebook facebook-ads facebook.com facebookads fark.com fb fb.com fb.me fb.watch feedly
    feedly.com flickr flickr.com flipboard flipboard.com forocoches.com fosstodon.org foursquare foursquare.com
    friendster.com gab.com gazeta.pl geneanet.org getpocket.com gettr.com github.com gitter.im glassdoor.com
    goodreads goodreads.com groups.google.com groups.yahoo.com gutefrage.net hackernews hardware.fr hatena.ne.jp
    hi5.com hootsuite hootsuite.com houzz.* hyves.nl ig igshopping imgur imgur.com instagram instagram.com
    instapaper.com jeuxvideo.com joinclubhouse.com kakao.com kakaotalk kaskus.co.id ko-fi.com kununu.com last.fm
    lastfm later.com lemon8-app.com letterboxd.com liketoknow.it lin.ee line.me linkedin linkedin.com linkin.bio
    linktr.ee linktree livejournal livejournal.com lnk.bio lnkd.in lobste.rs lookbook.nu ltk m.me mamot.fr
    marmiton.org mastodon mastodon.online mastodon.social medium medium.com meetup meetup.com meneame.net messenger
    messenger.com meta mewe.com minds.com mix.com mixi.jp mstdn.social mumsnet.com myspace myspace.com netvibes.com
    news.ycombinator.com nextdoor nextdoor.com nextdoor.fr nk.pl note.com odnoklassniki.ru ok.ru
    org.telegram.messenger orkut.com over-blog.com ow.ly paper.li parler.com patreon patreon.com piaille.fr pin.it
    pinterest.* pixelfed.social plurk plurk.com plus.google.com plus.url.google.com pocket polyvore.com producthunt
    producthunt.com pudelek.pl qq.com quora quora.com ravelry.com redd.it reddit reddit.com renren.com
    reverbnation.com scoop.it senscritique.com serverfault.com shopltk.com sites.google.com skype skype.com
    skyrock.com slack slack.com slashdot slashdot.org snap snapchat snapchat.com soundcloud.com sprinklr
    sproutsocial stackexchange.com stackoverflow.com stayfriends.de studivz.net stumbleupon stumbleupon.com
    substack.com superuser.com swarmapp.com swat.io t.cn t.co t.me t.umblr.com tagged.com taplink.cc taringa.net
    teams.microsoft.com telegram telegram.org threads threads.com threads.net tiktok tiktok.com tripadvisor.*
    trustpilot.com truthsocial.com tuenti.com tumblr tumblr.com tweakers.net tweetdeck tweetdeck.com twitter
    twitter.com typepad typepad.com viadeo viadeo.com viadeo.journaldunet.com viber viber.com vk vk.com vkontakte.ru
    vsco.co wa.me wattpad.com wechat wechat.com wehearit weheartit.com weibo weibo.cn weibo.com wer-kennt-wen.de
    whatsapp whatsapp.com wordpress wordpress.com wykop.pl x.com xhslink.com xiaohongshu.com xing xing.com yammer
    yammer.com yelp.* zalo.me`,

  shopping: `
    11st.co.kr 1688.com 2dehands.be 2ememain.be aboutyou.* achetezfacile.com alibaba alibaba.com aliexpress.*
    allegro allegro.pl amazon.* americanas.com.br amzn.eu amzn.to anibis.ch apps.apple.com arukereso.hu become.com
    beslist beslist.nl bestbuy.com bestprice.gr billiger billiger.de bizrate.com bol.com bukalapak.com
    buscape.com.br cdiscount cdiscount.com ceneo ceneo.pl check24 check24.de cherchons.com chollometro.com
    ciao.co.uk ciao.de compari.ro comparis.ch connexity.com connexity.net costco.com coupang.com craigslist.org
    darty.com dealabs dealabs.com depop.com ebay-kleinanzeigen.de ebay.* ebuyclub.com emag.bg emag.hu emag.ro etsy
    etsy.com etsy.me fashiola.* flipkart flipkart.com fnac.com geizhals geizhals.at geizhals.de gittigidiyor.com
    gmarket.co.kr google-play google-shopping google_shopping googleshopping groupon.* guenstiger.de gumtree
    gumtree.com gumtree.com.au hepsiburada.com heureka.cz heureka.sk honey hotukdeals hotukdeals.com
    i-comparateur.com idealo.* igraal igraal.com jd jd.com joinhoney.com kakaku.com kaufland.de kelkoo.*
    kieskeurig.be kieskeurig.nl kleinanzeigen.de kuantokusta.pt ladenzeile.de laredoute.* lazada.* leboncoin
    leboncoin.fr ledenicheur.fr leguide leguide.com lionshome.* lyst.* ma-reduc.com manomano.* market.yandex.ru
    marktplaats.nl mercadolibre.* mercadolivre.com.br mercari.com milanuncios.com monsieurprix.com mydealz
    mydealz.de myntra.com myshopify.com n11.com newegg.com nextag.com nl.pepper.com offerup.com olx.* otto.de
    overstock.com ozon.ru pazaruvaj.com pepper.it pepper.pl play.google.com poshmark.com poulpeo.com preis.de
    preisvergleich.de pricegrabber.com priceminister.com pricerunner.* pricespy.co.uk prisjakt.no prisjakt.nu
    radins.com rakuten.* retailmenot.com ricardo.ch shein.* shop.app shopbot.com.au shopee.* shopify shopify.com
    shopping.com shopping.google shopping.google.com shopping.yahoo.co.jp shopping.yahoo.com shopzilla.* skapiec.pl
    skroutz skroutz.gr slickdeals slickdeals.net snapdeal.com stylight.* subito.it submarino.com.br taobao
    taobao.com target.com temu temu.com tmall tmall.com tokopedia.com toppreise.ch touslesprix.com trademe.co.nz
    trendyol.com trovaprezzi trovaprezzi.it tutti.ch twenga.* vergelijk.nl vestiairecollective.com vinted.* wallapop
    wallapop.com walmart walmart.com wayfair.* webmarchand.com wildberries wildberries.ru willhaben.at wish wish.com
    yodobashi.com zalando.* zoom.com.br`,

  video: `
    6play.fr abema.tv appletv ardmediathek.de arte.tv atresplayer.com b23.tv bilibili bilibili.com bitchute.com
    break.com brightcove.com caffeine.tv canalplus.com channel4.com com.google.android.youtube crunchyroll
    crunchyroll.com curiositystream.com dai.ly dailymotion dailymotion.com disneyplus disneyplus.com dlive.tv
    fast.wistia.net floatplane.com framatube.org france.tv francetv gfycat.com hbomax.com hulu hulu.com iqiyi
    iqiyi.com itv.com joyn.de jwplayer.com kaltura.com kick.com kwai.com likee.video liveleak.com loom.com m6.fr
    m6plus.fr max.com medal.tv mediasetinfinity.mediaset.it metacafe.com mitele.es molotov.tv mubi.com mycanal mytf1
    nebula.tv netflix netflix.com nicovideo.jp npo.nl odysee.com paramountplus.com peacocktv.com peertube
    peertube.fr playsuisse.ch pluto.tv primevideo.com raiplay.it rakuten.tv roku.com rtlplus.com rtve.es rumble.com
    rutube rutube.ru snackvideo.com streamable.com ted ted.com tf1.fr triller.co trovo.live tubi.tv tubitv.com
    tudou.com tv.apple.com tvnow.de twitch twitch.tv utreon.com v.qq.com veoh.com vevo vevo.com vidyard.com viewbix
    viki.com vimeo vimeo.com vkvideo.ru vrt.be vudu.com wistia wistia.com xumo.com youku youku.com youtu.be youtube
    youtube-nocookie.com youtube.com youtubeads zdf.de`,
} as const;

export type SourceCategory = keyof typeof SOURCE_LISTS;

/** Names below a listed domain that are tools, not the search or shop itself: mail.google.com is no search engine. */
export const TOOL_LABELS = `accounts account admin auth calendar checkout classroom cloud console developer developers docs
  drive login mail meet messages myaccount pay payment payments photos signin sso support translate webmail aws sellercentral`;
