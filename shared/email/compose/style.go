package compose

// The look, in one place. Everything a mail needs to be read stands inline,
// because many clients drop the style sheet in the head; that sheet only adds
// what cannot be said inline: the dark colours. Sizes are in pixels, as mail
// clients want them. Text on its ground has a contrast of at least 4.5 to 1
// (WCAG 2.2, 1.4.3) in both colour schemes.
const (
	fonts = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

	pageStyle   = "margin:0;padding:0;background:#ffffff;color:#1f2933"
	columnStyle = "max-width:640px;margin:0 auto;padding:20px 16px 28px;font-family:" + fonts + ";font-size:16px;line-height:1.5"

	h1Style = "margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:650"
	h2Style = "margin:28px 0 10px;font-size:17px;line-height:1.35;font-weight:650"
	h3Style = "margin:20px 0 6px;font-size:15px;line-height:1.4;font-weight:650"

	bylineStyle  = "margin:0 0 8px;font-size:14px;color:#52606d"
	messageStyle = "margin:4px 0 20px;padding:2px 0 2px 16px;border-left:4px solid #2f6fce"
	earlierStyle = "margin:0 0 14px;padding:0 0 0 14px;border-left:2px solid #cbd2d9;font-size:14px;color:#52606d"
	smallStyle   = "margin:24px 0 0;padding:12px 0 0;border-top:1px solid #dde3ea;font-size:13px;line-height:1.5;color:#5c6b7a"
	ruleStyle    = "border:0;border-top:1px solid #dde3ea;margin:24px 0"
	markerStyle  = "margin:0 0 18px;font-size:12px;color:#6b7785;text-align:center"
	listStyle    = "margin:0 0 16px;padding:0 0 0 22px"
	itemStyle    = "margin:0 0 6px"

	offerStyle      = "margin:0 0 20px"
	offerTitleStyle = "margin:0 0 8px;font-weight:650"
	offeredStyle    = "margin:0 0 8px;padding:2px 0 2px 14px;border-left:3px solid #7b8794;font-size:15px"
	aboutStyle      = "margin:0 0 2px;font-size:13px;line-height:1.45;color:#52606d"

	tableStyle   = "border-collapse:collapse;width:100%;margin:0 0 18px;font-size:15px"
	captionStyle = "text-align:left;font-size:14px;color:#52606d;padding:0 0 6px"
	headStyle    = "text-align:left;vertical-align:bottom;font-size:13px;font-weight:600;color:#52606d;padding:6px 12px 6px 0;border-bottom:2px solid #cbd2d9"
	cellStyle    = "text-align:left;vertical-align:top;padding:7px 12px 7px 0;border-bottom:1px solid #e4e9ef"
	labelStyle   = "text-align:left;vertical-align:top;font-weight:400;color:#52606d;padding:3px 20px 3px 0;font-size:14px"
	valueStyle   = "vertical-align:top;padding:3px 0;font-size:15px"
	codeStyle    = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:14px;font-weight:600;white-space:nowrap"
)

const head = `<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no">
<title></title>
`

// darkStyle turns the colours for clients that show mail dark and honour it.
const darkStyle = `<style>
:root{color-scheme:light dark}
.rw-page img{max-width:100%;height:auto}
.rw-page pre{white-space:pre-wrap}
.rw-message>div>:first-child{margin-top:0}
.rw-message>div>:last-child{margin-bottom:0}
.rw-page a{color:#1f5fbf}
@media (prefers-color-scheme:dark){
.rw-page{background:#14181d!important;color:#e4e9ef!important}
.rw-page a{color:#8ab8ff!important}
.rw-soft{color:#a9b4c0!important}
.rw-line{border-color:#3a4450!important}
.rw-message{border-color:#6aa3f5!important}
.rw-info{background:#16273d!important;border-color:#6aa3f5!important}
.rw-warning{background:#33280f!important;border-color:#e0b040!important}
.rw-problem{background:#3a1b1b!important;border-color:#f08a8a!important}
.rw-track{background:#2a323b!important}
.rw-fill{background:#6aa3f5!important}
}
</style>
`
