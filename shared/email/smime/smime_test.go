package smime

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
)

var now = time.Now().UTC().Truncate(time.Second)

type issued struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// issue makes a certificate; by nil signs itself.
func issue(t testing.TB, address string, until time.Time, by *issued) issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "CA of " + address},
		NotBefore: now.AddDate(-2, 0, 0), NotAfter: until, IsCA: by == nil, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	parent, signer := c, key
	if by != nil {
		c.EmailAddresses, c.ExtKeyUsage = []string{address}, []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return issued{cert, key}
}

func sign(t testing.TB, by issued, content string, beside bool) []byte {
	t.Helper()
	s, err := pkcs7.NewSignedData([]byte(content))
	if err == nil {
		s.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
		err = s.AddSigner(by.cert, by.key, pkcs7.SignerInfoConfig{})
	}
	if err != nil {
		t.Fatal(err)
	}
	if beside {
		s.Detach()
	}
	der, err := s.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestWhatASignatureIsWorth(t *testing.T) {
	const erika, text = "erika@customers.example", "Content-Type: text/plain\r\n\r\nMy lamp is broken.\r\n"
	ca := issue(t, "ca", now.AddDate(5, 0, 0), nil)
	roots := x509.NewCertPool()
	roots.AddCert(ca.cert)
	good, old := issue(t, erika, now.AddDate(1, 0, 0), &ca), issue(t, erika, now.AddDate(0, 0, 9), &ca)
	stranger := issue(t, "", now.AddDate(1, 0, 0), nil)
	own := issue(t, erika, now.AddDate(1, 0, 0), &stranger)
	for name, c := range map[string]struct {
		der     []byte
		content string
		from    string
		at      time.Time
		want    State
	}{
		"as it should be":  {sign(t, good, text, true), text, erika, now, Verified},
		"in other letters": {sign(t, good, text, true), text, "Erika@Customers.example", now, Verified},
		"with other line ends": {sign(t, good, text, true), "Content-Type: text/plain\n\nMy lamp is broken.\n",
			erika, now, Verified},
		"without the boundary's":     {sign(t, good, text, true), text + "\r\n", erika, now, Verified},
		"that holds it":              {sign(t, good, text, false), "", erika, now, Verified},
		"of another text":            {sign(t, good, text, true), "My lamp is well.", erika, now, Broken},
		"of another address":         {sign(t, good, text, true), text, "boss@customers.example", now, Other},
		"of a mail without one From": {sign(t, good, text, true), text, "", now, Other},
		"that is over":               {sign(t, old, text, true), text, erika, now.AddDate(0, 1, 0), Expired},
		"that anybody made":          {sign(t, own, text, true), text, erika, now, Unknown},
		"that is none":               {[]byte("not a signature"), text, erika, now, Unchecked},
		"that is cut":                {sign(t, good, text, true)[:300], text, erika, now, Unchecked},
		"without end":                {bytes.Repeat([]byte{0x30, 0x80}, MaxSignature), text, erika, now, Unchecked},
	} {
		content := []byte(c.content)
		if c.content == "" {
			content = nil
		}
		s := Check(c.der, content, c.from, c.at, roots)
		if s.State != c.want || s.State != Unchecked && s.By == "" {
			t.Errorf("%s: %+v, want %s", name, s, c.want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	ca := issue(f, "ca", now.AddDate(5, 0, 0), nil)
	f.Add(sign(f, issue(f, "a@b.example", now.AddDate(1, 0, 0), &ca), "text", true), []byte("text"))
	f.Fuzz(func(t *testing.T, der, content []byte) {
		if s := Check(der, content, "other@b.example", now, nil); s.State == Verified {
			t.Errorf("%+v", s)
		}
	})
}
