// Yandex Cloud IAM tokens, as secrets.
package yciam
