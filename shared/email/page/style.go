package page

// The look, in one place. Everything a mail needs to be read stands inline,
// because many clients drop the style sheet in the head; that sheet only adds
// what cannot be said inline: the dark colours, and what a narrow window
// changes. Sizes are in pixels, as mail clients want them. Text on its ground
// has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3) in both colour schemes.
//
// Colours come in pairs and tints are light, so that a client that inverts by
// itself stays readable. Word, which draws mail in Outlook for Windows, knows
// neither padding nor borders nor max-width of a div: whatever has a ground or a
// bar is a table of one cell with bgcolor, and the column is a table as well.
const (
	fonts = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

	pageStyle   = "margin:0;padding:0;background:#ffffff;color:#1b2733"
	columnStyle = "border-collapse:separate;width:100%;max-width:640px;margin:0 auto"
	insideStyle = "padding:8px 16px 24px;font-family:" + fonts + ";font-size:16px;line-height:1.5"

	h1Style = "margin:0;font-size:19px;line-height:1.3;font-weight:600"
	h2Style = "margin:26px 0 8px;font-size:17px;line-height:1.35;font-weight:600"
	h3Style = "margin:16px 0 6px;font-size:15px;line-height:1.4;font-weight:600"

	firstStyle  = "margin:0 0 8px;font-size:14px;line-height:1.4"
	markerStyle = "font-size:13px;color:#52606d"
	boxStyle    = "border-collapse:separate;margin:0 0 14px"
	barBoxStyle = "border-collapse:collapse;margin:0 0 12px"

	bandTextStyle  = "margin:2px 0 0;font-size:15px;line-height:1.45"
	newBarStyle    = "border-left:4px solid #2f6fce;padding:0 0 1px 14px"
	newHeadStyle   = "margin:0 0 6px;font-size:15px;line-height:1.4;font-weight:400;color:#52606d"
	oldBarStyle    = "border-left:3px solid #8794a1;padding:0 0 1px 12px"
	oldHeadStyle   = "margin:0 0 2px;font-size:15px;line-height:1.4;font-weight:400;color:#52606d"
	oldTextStyle   = "font-size:15px;line-height:1.45"
	asideStyle     = "margin:0 0 12px;font-size:15px;line-height:1.5;color:#52606d"
	panelHeadStyle = "margin:0 0 2px;font-size:16px;line-height:1.4;font-weight:600"
	whyStyle       = "margin:0 0 6px;font-size:14px;line-height:1.4;color:#52606d"
	footStyle      = "margin:22px 0 0;padding:12px 0 0;border-top:1px solid #d5dce3;font-size:14px;line-height:1.5;color:#52606d"
	linkStyle      = "color:#1a56ad"

	entryStyle     = "display:block;padding:9px 0 10px;line-height:1.45;text-decoration:none"
	entryNameStyle = "font-size:16px;font-weight:600;color:#1a56ad"
	entryTextStyle = "font-size:15px;color:#1b2733"
	entryLineStyle = "border-bottom:1px solid #d5dce3;padding:0"

	listStyle    = "margin:0 0 14px;padding:0 0 0 22px"
	itemStyle    = "margin:0 0 6px"
	commandStyle = "margin:0 0 8px;font-size:15px;line-height:1.45"

	tableStyle        = "border-collapse:collapse;width:100%;margin:0 0 14px;font-size:15px"
	captionStyle      = "text-align:left;font-size:14px;color:#52606d;padding:0 0 6px"
	headStyle         = "text-align:left;vertical-align:bottom;font-size:13px;font-weight:600;color:#52606d;padding:6px 12px 6px 0;border-bottom:2px solid #d5dce3"
	cellStyle         = "text-align:left;vertical-align:top;padding:7px 12px 7px 0;border-bottom:1px solid #d5dce3"
	labelStyle        = "text-align:left;vertical-align:top;font-weight:400;color:#52606d;padding:3px 20px 3px 0;font-size:15px"
	valueStyle        = "vertical-align:top;padding:3px 0;font-size:15px"
	readingLabelStyle = "margin:0;font-size:15px;line-height:1.4"
	readingStyle      = "text-align:left;font-weight:400;vertical-align:top;border-top:1px solid #d5dce3;padding:9px 0 11px"
	readingValueStyle = "margin:0;font-size:19px;line-height:1.3;font-weight:600"
	readingNoteStyle  = "margin:0;font-size:15px;line-height:1.45;color:#52606d"
	codeStyle         = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.94em;white-space:nowrap"
)

// ground is the tint that something stands on.
type ground struct{ class, colour string }

var (
	turnGround  = ground{"rw-turn", "#e6f0fd"}
	quietGround = ground{"rw-quiet", "#eef1f4"}
	stopGround  = ground{"rw-stop", "#fdf0d2"}
	teamGround  = ground{"rw-team", "#f1ecfb"}
	panelGround = ground{"rw-panel", "#f5f7f9"}
)

// afterTable keeps what follows a table off it in Word, which drops a table's margin.
const afterTable = "<!--[if mso]><p style=\"margin:0;font-size:6px;line-height:12px\">&nbsp;</p><![endif]-->\n"

const head = `<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="x-apple-disable-message-reformatting">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
`

const wordStyle = `<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><style>body,table,td,th,p,a,h1,h2,h3,li,span,div{font-family:'Segoe UI',Arial,sans-serif!important}</style><![endif]-->
`

// darkStyle turns the colours for clients that show mail dark and honour it;
// [data-ogsc] is Outlook.com's and its apps' way of saying that they do.
const darkStyle = `<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
.rw-page img{max-width:100%;height:auto}
.rw-page pre{white-space:pre-wrap}
.rw-said>:first-child{margin-top:0!important}
.rw-said>:last-child{margin-bottom:0!important}
.rw-page a{color:#1a56ad}
.rw-page .rw-b a{color:#ffffff;text-decoration:none}
.rw-page .rw-o a{color:#1a56ad;text-decoration:none}
@media (prefers-color-scheme:dark){
.rw-page{background:#14181d!important;color:#e4e9ef!important}
.rw-page a{color:#8ab8ff!important}
.rw-soft{color:#aeb8c3!important}
.rw-page .rw-nm{color:#8ab8ff!important}
.rw-page .rw-mn{color:#e4e9ef!important}
.rw-line{border-color:#3a4450!important}
.rw-old{border-color:#6c7986!important}
.rw-new{border-color:#6aa3f5!important}
.rw-turn{background:#182f4d!important}
.rw-quiet{background:#232a32!important}
.rw-stop{background:#3a2d0f!important}
.rw-team{background:#2c2542!important}
.rw-panel{background:#1d232a!important}
.rw-track{background:#2a323b!important}
.rw-fill{background:#6aa3f5!important}
.rw-page .rw-b{background:#326fce!important}
.rw-page .rw-b a{color:#ffffff!important;border-color:#326fce!important}
.rw-page .rw-o{background:#14181d!important}
.rw-page .rw-o a{color:#8ab8ff!important;border-color:#8ab8ff!important}
}
[data-ogsc] .rw-page a,[data-ogsc] .rw-page .rw-nm{color:#8ab8ff!important}
[data-ogsc] .rw-soft{color:#aeb8c3!important}
[data-ogsc] .rw-page .rw-mn{color:#e4e9ef!important}
[data-ogsc] .rw-line{border-color:#3a4450!important}
[data-ogsc] .rw-old{border-color:#6c7986!important}
[data-ogsc] .rw-new{border-color:#6aa3f5!important}
[data-ogsc] .rw-page .rw-b a{color:#ffffff!important;border-color:#326fce!important}
[data-ogsc] .rw-page .rw-o a{color:#8ab8ff!important;border-color:#8ab8ff!important}
@media (max-width:480px){
.rw-btn{width:100%!important}
.rw-pad{padding-left:14px!important;padding-right:14px!important}
.rw-rows,.rw-rows tbody,.rw-rows tr,.rw-rows th,.rw-rows td{display:block!important;width:auto!important}
.rw-rows th{padding:6px 0 0!important}
}
</style>
`
