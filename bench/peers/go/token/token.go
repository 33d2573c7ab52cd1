// Package token gets an IAM token for a key file, by nothing but Go's own library.
package token

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"time"
)

const audience = "https://iam.api.cloud.yandex.net/iam/v1/tokens"

type key struct {
	Id               string `json:"id"`
	ServiceAccountId string `json:"service_account_id"`
	PrivateKey       string `json:"private_key"`
}

// Answer is what IAM gives.
type Answer struct {
	IamToken  string `json:"iamToken"`
	ExpiresAt string `json:"expiresAt"`
}

// Get reads the key, signs an assertion and asks for a token.
func Get(context context.Context) (*Answer, error) {
	assertion, err := sign(os.Getenv("YC_SERVICE_ACCOUNT_KEY_FILE"))
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]string{"jwt": assertion})
	if err != nil {
		return nil, err
	}
	url := os.Getenv("YCIAM_IAM_ENDPOINT") + "/iam/v1/tokens"
	request, err := http.NewRequestWithContext(context, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("content-type", "application/json")
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	answer := &Answer{}
	if err := json.NewDecoder(reply.Body).Decode(answer); err != nil {
		return nil, err
	}
	if answer.IamToken == "" {
		return nil, fmt.Errorf("no token: %s", reply.Status)
	}
	return answer, nil
}

func sign(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var read key
	if err := json.Unmarshal(text, &read); err != nil {
		return "", err
	}
	// A line of warning comes before the key.
	block, _ := pem.Decode([]byte(read.PrivateKey))
	if block == nil {
		return "", fmt.Errorf("%s has no private key", file)
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return "", err
	}
	now := time.Now().Unix()
	head := map[string]any{"typ": "JWT", "alg": "PS256", "kid": read.Id}
	claims := map[string]any{"aud": audience, "iss": read.ServiceAccountId, "iat": now, "exp": now + 3600}
	signed := part(head) + "." + part(claims)
	digest := sha256.Sum256([]byte(signed))
	options := &rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA256}
	signature, err := rsa.SignPSS(rand.Reader, private.(*rsa.PrivateKey), crypto.SHA256, digest[:], options)
	if err != nil {
		return "", err
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func part(value any) string {
	text, _ := json.Marshal(value)
	return base64.RawURLEncoding.EncodeToString(text)
}
