package automatic

// reportSubjects begin (or are) the subject of a delivery report. Folded.
var reportSubjects = []string{
	"undelivered mail returned to sender", "undeliverable", "undelivered:", "undelivered message", "mail delivery failed", "mail delivery failure", "mail delivery status", "mail delivery problem", "mail delivery error", "mail delivery system", "mail delivery delayed",
	"delivery status notification", "delivery status", "delivery failure", "delivery failed", "delivery has failed", "delivery notification", "delivery problem", "delivery report", "delivery error", "delivery delayed", "delivery incomplete", "delivery unsuccessful", "delivery attempt",
	"returned mail", "returned message", "returned to sender", "return receipt", "failure notice", "failure delivery", "failed mail", "failed delivery", "failed to deliver", "mail failure", "mail system error", "mail error", "mail could not be delivered", "mail returned", "mail undeliverable", "mail not delivered",
	"message delivery has failed", "message delivery failure", "message delivery failed", "message undeliverable", "message could not be delivered", "message not delivered", "message status", "message you sent", "message delayed", "message delivery delayed", "non-deliver", "nondeliver", "non deliver", "non delivery", "ndn:", "ndr:",
	"warning: could not send message", "warning: message", "warning: email", "warning - delayed mail", "warning: delayed mail", "warning - mail", "warning: mail", "delayed mail", "delayed:", "postmaster notify", "email delivery failure", "email delivery failed", "email delivery problem", "email could not be delivered", "email undeliverable", "email returned", "email not delivered", "e-mail delivery", "error sending", "error in sending", "could not send message",
	"there was an error sending your mail", "problem delivering", "problems delivering", "permanent delivery failure", "transient delivery", "unable to deliver", "unable to send", "cannot deliver", "your message could not be delivered", "your message wasn't delivered", "your mail could not be delivered", "your e-mail could not", "your email could not", "address not found", "rejected:", "rejected mail", "rejected message", "blocked:", "notification: ",
	"unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen", "nachricht unzustellbar", "fehler bei der zustellung", "unzustellbare", "übermittlung fehlgeschlagen", "zustellungsfehler", "benachrichtigung zum übermittlungsstatus", "mailzustellung", "verzögerte zustellung", "benachrichtigung über den zustellungsstatus",
	"non remis", "échec de la remise", "échec de remise", "echec de la remise", "échec de la livraison", "notification d'état de remise", "courrier non remis", "message non distribué", "non distribuable", "non délivré", "avis de non-remise", "remise impossible", "retour à l'expéditeur",
	"no se puede entregar", "no entregado", "correo no entregado", "no se ha podido entregar", "entrega fallida", "error de entrega", "notificación del estado de entrega", "mensaje no entregado", "no se pudo entregar", "devuelto al remitente",
	"non recapitabile", "non consegnato", "mancato recapito", "impossibile recapitare", "notifica dello stato del recapito", "mancata consegna", "mensagem não entregue", "não é possível entregar", "não entregue", "falha na entrega", "notificação de status de entrega", "não foi possível entregar",
	"onbestelbaar", "niet bezorgd", "niet afgeleverd", "bezorging mislukt", "kan niet worden bezorgd", "nie można dostarczyć", "niedostarczon", "niedoręczon", "błąd dostarczania", "nedoručitelné", "nedoručen", "nelze doručit", "nedoručiteľn", "kézbesíthetetlen", "sikertelen kézbesítés", "nelivrabil", "nu se poate livra", "nelivrat",
	"не доставлено", "недоставленное", "не удалось доставить", "невозможно доставить", "ошибка доставки", "сообщение не доставлено", "не може бути доставлен", "не вдалося доставити", "kan inte levereras", "olevererbart", "går inte att leverera", "ej levererat", "kan ikke leveres", "ulevert", "ikke leveret", "leveringsfejl", "toimitus epäonnistui", "ei voi toimittaa", "nije isporučen", "neisporučivo",
	"teslim edilemedi", "iletilemedi", "teslim edilemeyen", "αδυναμία παράδοσης", "δεν παραδόθηκε", "ανεπίδοτο", "配信不能", "配信できません", "配達不能", "未配信", "メール配信エラー", "エラーメール", "送信エラー", "無法傳遞", "未传递的邮件", "无法投递", "退信", "系统退信", "邮件退回", "傳遞失敗", "未送达", "无法送达", "배달되지 않음", "배달할 수 없", "전송 실패", "반송", "không gửi được", "không thể gửi", "לא ניתן למסור", "לא נמסר", "تعذر التسليم", "تعذر تسليم",
}

// undeliverablePrefixes stand before our own subject in a report's subject. Folded.
var undeliverablePrefixes = []string{
	"undeliverable:", "undeliverable mail:", "undeliverable message:", "undelivered:", "delivery delayed:", "delayed:", "rejected:", "non-deliverable:", "could not deliver:", "blocked:", "not delivered:",
	"unzustellbar:", "nicht zustellbar:", "unzustellbar :", "übermittlung verzögert:", "non remis:", "non remis :", "non distribuable :", "remise différée :", "no se puede entregar:", "no entregado:", "entrega retrasada:", "non recapitabile:", "recapito ritardato:", "não é possível entregar:", "não entregue:", "onbestelbaar:", "vertraagd:",
	"nie można dostarczyć:", "niedostarczone:", "nedoručitelné:", "nedoručiteľné:", "kézbesíthetetlen:", "nelivrabil:", "не доставлено:", "недоставленное:", "недоставлене:", "går inte att leverera:", "kan ikke leveres:", "ei voi toimittaa:", "teslim edilemedi:", "αδυναμία παράδοσης:", "配信不能:", "無法傳遞:", "未传递:", "배달되지 않음:", "לא ניתן למסור:",
}

// reportSystem is a mail system and what its reports say about themselves.
// Phrases are folded; they stand in the system's own words, not in the reason
// that the other side gave.
type reportSystem struct {
	name    string
	phrases []string
}

// reportSystems, the most telling first. A new system is a new line.
var reportSystems = []reportSystem{
	{"google", []string{"delivery to the following recipient failed permanently", "delivery to the following recipients failed", "delivery to the following recipient has been delayed", "technical details of permanent failure", "technical details of temporary failure", "** address not found **", "** message not delivered **", "** message blocked **", "** delivery incomplete **", "** message too large **", "** adresse nicht gefunden **", "** adresse introuvable **", "** no se ha encontrado", "** recipient inbox full **", "the response from the remote server was", "was automatically rejected by your organization"}},
	{"postfix", []string{"this is the mail system at host", "this is the postfix", "i'm sorry to have to inform you that", "for other details, see the local mail logfile"}},
	{"courier", []string{"running the courier mail server", "your message to the following recipients cannot be delivered"}},
	{"zoho", []string{"error_code :"}},
	{"mcafee", []string{"the following addresses had delivery problems"}},
	{"sendmail", []string{"had permanent fatal errors", "had permanent delivery errors", "had transient", "had fatal errors", "transcript of session follows", "the original message was received at", "had successful delivery", "had unresolved addresses", "had delivery errors", "addresses had delivery", "this is a warning message only"}},
	{"facebook", []string{"created automatically by facebook", "the facebook user"}},
	{"exim", []string{"this message was created automatically by mail delivery", "a message that you sent could not be delivered", "the following address(es) failed", "the following address failed", "contained one or more recipient addresses that were", "has not yet been delivered to one or more", "a message that you sent was rejected by", "error(s) occurred while"}},
	{"symantec", []string{"this is the mail delivery agent at"}},
	{"yahoo", []string{"sorry, we were unable to deliver your message to the following address", "unable to deliver message to the following address"}},
	{"qmail", []string{"this is the qmail-send program", "i wasn't able to deliver your message", "i'm afraid i wasn't able to", "i was unable to deliver your message", "i've given up", "sorry it didn't work out", "i tried to deliver", "hi. the mta program at", "giving up on "}},
	{"mailmarshal", []string{"mailmarshal", "the following recipients were affected"}},
	{"exchange", []string{"did not reach some or all of the intended recipients", "did not reach the following recipient", "delivery has failed to these recipients", "recipient(s) could not be reached", "recipient(s) cannot be reached", "diagnostic information for administrators", "the following organization rejected your message", "delivery is delayed to these recipients", "delivery to these recipients or distribution lists", "msexch", "generating server:",
		"fehler bei der nachrichtenzustellung", "diagnoseinformationen für administratoren", "hat einige oder alle empfänger nicht erreicht", "échec de la remise à ces destinataires", "informations de diagnostic pour les administrateurs", "error de entrega a estos destinatarios", "información de diagnóstico para los administradores", "recapito non riuscito", "informazioni di diagnostica per gli amministratori", "falha na entrega a estes destinatários", "informações de diagnóstico para administradores", "bezorging is mislukt", "diagnostische gegevens voor beheerders", "informacje diagnostyczne dla administratorów", "diagnostické informace pro správce", "диагностические сведения для администраторов", "diagnostikinformation för administratörer", "管理者向けの診断情報", "管理员的诊断信息", "系統管理員的診斷資訊", "관리자를 위한 진단 정보"}},
	{"groupwise", []string{"undeliverable to the following", "gwia"}},
	{"messaging-server", []string{"this report relates to a message you sent", "your message cannot be delivered to the following recipients", "your message has encountered delivery problems", "your message has been enqueued and undeliverable for"}},
	{"domino", []string{"not listed in domino", "not listed in public name", "no route found to domain", "was not delivered to:"}},
	{"mimecast", []string{"an email that you attempted to send to the following address"}},
	{"aol", []string{"because they are not accepting mail", "could not be delivered to their aol"}},
	{"opensmtpd", []string{"this is the mailer-daemon, please do not reply"}},
	{"notes", []string{"failure reasons"}},
	{"google-groups", []string{"the group you tried to contact"}},
	{"interscan", []string{"received <<< "}},
	{"amazon-ses", []string{"an error occurred while trying to deliver the mail", "the following message to <", "this message could not be delivered."}},
	{"x6", []string{"we had trouble delivering your message"}},
	{"carrier", []string{"the user(s) ", "your mail sent on:", "could not be delivered to mobile", "次のあて先へのメッセージはエラーのため送信できませんでした", "メッセージを配信できませんでした", "あて先のメールアドレスが", "宛先不明です", "次のユーザ", "以下のメールアドレス"}},
	{"other", []string{"message could not be delivered", "your message could not be sent", "message delivery failed", "could not be delivered", "couldn't be delivered", "wasn't delivered", "the following recipients returned permanent errors", "unable to deliver", "failed to deliver", "failed to be delivered", "couldn't deliver", "could not deliver", "cannot be delivered", "can not be delivered", "cannot deliver", "not be delivered", "undeliverable mail", "undeliverable message", "undeliverable to", "undeliverable address", "delivery failed", "delivery failure", "delivery has failed", "delivery to the following", "delivery error", "error message below", "invalid user address", "error delivering mail", "failed addresses follow", "reason for the problem", "reason for failure", "reason for rejection", "was undeliverable", "is undeliverable", "was not delivered", "not delivered to", "could not be sent", "failed recipient", "has been rejected", "was rejected", "was refused", "has been blocked", "message was blocked", "was blocked by", "delivery attempts", "could not be completed", "smtp error", "permanent error", "permanent failure", "non-deliverable", "nondeliverable", "the following recipient", "is being returned", "was returned to", "returned to sender", "mailbox full", "user unknown", "no such user", "mailbox unavailable", "the response was:", "will be retried",
		"konnte nicht zugestellt werden", "nicht zugestellt", "unzustellbar", "n'a pas pu être", "n'a pu être", "impossible de remettre", "no se ha podido entregar", "no pudo ser entregado", "no se pudo entregar", "non è stato possibile", "impossibile consegnare", "não pôde ser entregue", "kon niet worden", "nie została dostarczona", "nie mogła zostać", "nebyla doručena", "nemohla být doruč", "не было доставлено", "не может быть доставлено", "не удалось доставить", "не доставлено", "kunde inte levereras", "kunne ikke leveres", "配信できません", "送信できません", "无法投递", "无法发送", "退信"}},
}

// sureDelay says that the mail system keeps trying, whatever else is said. Folded.
var sureDelay = []string{"warning message only", "do not need to resend", "not yet been delivered", "has not been delivered yet", "message will be retried", "delivery attempts will continue", "will keep trying", "this is a warning message"}

// delayWords say so unless failWords are there as well. Folded.
var delayWords = []string{"has been delayed", "is delayed", "delivery delayed", "delay reason", "will be retried", "keep trying", "still trying", "delivery incomplete", "continue to try", "try to deliver your message again", "temporary problem delivering", "temporary failure. no action", "continue attempting", "wird weiterhin versucht", "verzögert", "retardé", "retrasad", "ritardat", "vertraag", "opóźni"}

// failWords outweigh delayWords. Folded.
var failWords = []string{"failed permanently", "permanent error", "permanent failure", "permanent fatal errors", "given up", "giving up", "could not be delivered", "undeliverable mail", "undelivered mail", "retry timeout exceeded", "address not found", "delivery has failed", "message not delivered", "message blocked"}

// finalWords say that a failure is permanent where no status does. Folded.
var finalWords = []string{"failed permanently", "permanent error", "permanent failure", "permanent fatal errors", "permanently", "endgültig", "dauerhaft", "définitive", "permanente"}
