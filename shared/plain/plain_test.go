package plain_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/plain"
)

const asks = "Hello, my lamp flickers since yesterday. What can I do?"

// What is pointed out, and the far more that is not.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		want         plain.Kind
	}{
		{"English law", "Dear Ms Muster,\n\nIn the event that replacement of the aforementioned luminaire cannot be " +
			"effectuated within the statutory limitation period notwithstanding timely notification of the " +
			"deficiency " +
			"pursuant to section four of our general conditions of delivery, proportionate reimbursement of the " +
			"consideration will be initiated following verification of the documentation submitted.\n\nAnna",
			plain.Hard},
		{"German offices", "Sehr geehrte Frau Muster,\n\nvorbehaltlich der Überprüfung der eingereichten " +
			"Kaufunterlagen sowie der Feststellung eines gewährleistungspflichtigen Sachmangels durch die zuständige " +
			"Fachabteilung erfolgt die Veranlassung einer Ersatzlieferung beziehungsweise die Rückabwicklung des " +
			"Kaufvertrages gemäß den Bestimmungen unserer Allgemeinen Geschäftsbedingungen innerhalb der gesetzlich " +
			"vorgesehenen Bearbeitungsfristen.", plain.Hard},
		{"French", "Sous réserve de la vérification préalable des justificatifs d'acquisition transmis ainsi que " +
			"de la " +
			"constatation contradictoire d'une défectuosité relevant de la garantie conventionnelle, le remplacement " +
			"du luminaire susmentionné ou le remboursement proportionnel du montant acquitté interviendra " +
			"conformément aux stipulations des conditions générales applicables.", plain.Hard},
		{"a fact that leads nowhere", "This is a known fault of the batch from the spring.", plain.NoStep},
		{"the same in German", "Das ist ein bekannter Fehler der Charge vom Frühling.", plain.NoStep},
		{"the same in Spanish", "Es un fallo conocido del lote de la primavera.", plain.NoStep},
		{"a yes to what was asked", "Dear Simon,\n\nyes, the shade gets a little longer when it is warm.\n\n" +
			"Kind regards", plain.Fine},
		{"the same in Italian", "Buongiorno Dario,\n\nsì, di cinque metri, per nove euro al pezzo.\n\nCordiali saluti",
			plain.Fine},
		{"a no", "Hej Ingrid,\n\nnej, den är inte farlig när den blir varm.\n\nHälsningar", plain.Fine},
		{"a fact of a few words", "Hello Quentin, 2 kg. The hook carries five.", plain.Fine},
		{"an order", "Turn the bulb until it is tight. Then unplug the lamp for a minute.", plain.Fine},
		{"what we do", "This is a known fault of the batch. We send a new one today.", plain.Fine},
		{"what you can do", "The fault is known, and you can send the lamp back.", plain.Fine},
		{"a question", "That is odd, since it is from the new batch. Which bulb is in it?", plain.Fine},
		{"a link", "The steps for that fault are at https://shop.example/flicker in the list.", plain.Fine},
		{"German order", "Bitte drehen Sie die Birne fest.", plain.Fine},
		{"short", "It is on its way.", plain.Fine},
		{"long, in short sentences", strings.Repeat("The lamp is new. Please turn the bulb until it clicks. ", 40),
			plain.Fine},
		{"a list", "Please send us:\n" + strings.Repeat("- the number below the foot of the lamp\n", 30), plain.Fine},
		{"Japanese", "電球をしっかり締めてください。それでも点滅する場合は、ご連絡ください。", plain.Fine},
		{"nothing", "", plain.Fine},
	} {
		got := plain.Judge(c.answer, asks)
		if got.Kind != c.want || got.Kind != plain.Fine && !strings.Contains(c.answer, got.Sentence) {
			t.Errorf("%s: %+v, want %q", c.name, got, c.want)
		}
	}
}

// A customer who writes so is answered so.
func TestJudgeGoesByTheCustomer(t *testing.T) {
	hard := "In the event that replacement of the aforementioned luminaire cannot be effectuated within the " +
		"statutory " +
		"limitation period notwithstanding timely notification of the deficiency pursuant to section four of the " +
		"general conditions of delivery, we initiate proportionate reimbursement of the consideration."
	if got := plain.Judge(hard, asks); got.Kind != plain.Hard {
		t.Errorf("%+v", got)
	}
	if got := plain.Judge(hard, hard); got.Kind != plain.Fine {
		t.Errorf("%+v", got)
	}
}

// None of the sample's articles, as they are sent, is pointed out.
func TestJudgeIsSilentOnArticles(t *testing.T) {
	articles, err := article.Load(article.Sample())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range articles {
		if got := plain.Judge(a.MailText(), asks); got.Kind != plain.Fine {
			t.Errorf("%s: %+v", a.ID, got)
		}
	}
}

func FuzzJudge(f *testing.F) {
	f.Add("Please turn the bulb.", asks)
	f.Add("。。。\n- \x00", "")
	f.Fuzz(func(t *testing.T, answer, asked string) {
		if got := plain.Judge(answer, asked); got.Kind == plain.Fine && got.Sentence != "" {
			t.Fatalf("%+v", got)
		}
	})
}
