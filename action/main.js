"use strict";var Yb=Object.create;var oo=Object.defineProperty;var Wb=Object.getOwnPropertyDescriptor;var Vb=Object.getOwnPropertyNames;var Jb=Object.getPrototypeOf,zb=Object.prototype.hasOwnProperty;var v=(t,e,n)=>()=>{if(n)throw n[0];try{return t&&(e=t(t=0)),e}catch(r){throw n=[r],r}};var O=(t,e)=>()=>{try{return e||t((e={exports:{}}).exports,e),e.exports}catch(n){throw e=0,n}},Ln=(t,e)=>{for(var n in e)
oo(t,n,{get:e[n],enumerable:!0})},Pu=(t,e,n,r)=>{if(e&&typeof e=="object"||typeof e=="function")for(let o of Vb(e))!zb.call(
t,o)&&o!==n&&oo(t,o,{get:()=>e[o],enumerable:!(r=Wb(e,o))||r.enumerable});return t};var Z=(t,e,n)=>(n=t!=null?Yb(Jb(t)):{},Pu(e||!t||!t.__esModule?oo(n,"default",{value:t,enumerable:!0}):n,t)),$u=t=>Pu(oo(
{},"__esModule",{value:!0}),t);var h,l=v(()=>{"use strict";h=class{format(e){return e.join(", ")}}});function At(t,e){return typeof t=="object"&&t!==null&&e in t}var lo=v(()=>{"use strict";l()});function uo(t,e){return e.map(n=>n.reveal()).filter(n=>n.length>=6).reduce((n,r)=>n.split(r).join(et),t)}function tt(t){
return t.replace(tS,et)}function Tt(t){return Cs(t.replace(/\s+/g," ")).trim()}function Cs(t){return/^[ -~]*$/.test(t)?t:
t.replace(new RegExp("\\p{C}","gu"),"")}function xe(t){let e=o=>/^[\w+/=-]{32,}$/.test(o)&&/[A-Z]/.test(o)&&/[a-z]/.test(
o)&&/\d/.test(o),n=/^(?:[/~.\\]|[A-Za-z]:)/.test(t)?t.split(/[/\\]/):[t];return t.length<=300&&!new RegExp("\\p{C}","u").
test(t)&&!n.some(e)?t:"something that is no path"}function Ue(t){return/^[\w.-]{1,40}$/.test(t)?JSON.stringify(t):"somet\
hing that is no name"}var eS,et,Mu,$,tS,H=v(()=>{"use strict";l();lo();eS=Symbol.for("nodejs.util.inspect.custom"),et="[\
secret]",Mu=Symbol.for("yciam.secret"),$=class{#e;constructor(e){this.#e=e}static[Symbol.hasInstance](e){return At(e,Mu)}get[Mu](){
return!0}reveal(){return this.#e}toString(){return et}toJSON(){return et}[eS](){return et}};tS=/(?:(?<![-\w])|(?<=%[0-9A-Fa-f]{2}))(?:t1\.[-\w=]+\.[-\w=]+|eyJ[-\w]+\.[-\w]+(?:\.[-\w]+)?|y[0-3]_[-\w]{20,}|[cs]1\.[-\w=.]{20,}|yctk[-\w.]{16,}|YC[-\w]{38,41}(?![-\w])|hvs\.[-\w]{8,})|(?<=\bBearer )\S+|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*/g});function we(t,e){return t instanceof fo?e(t.path):t instanceof Mn?t.render(e):tt(String(t))}function T(t){return new fo(
t)}function b(t,...e){let n=e.map(r=>typeof r=="object"?r:Cs(String(r)));return new Mn(t.flatMap((r,o)=>o===0?[r]:[n[o-1],
r]))}function Dn(t,e){return new Mn(t.flatMap((n,r)=>r===0?[n]:[e,n]))}function be(t){return typeof t=="function"?t():t}
var jn,ju,Du,fo,Mn,D=v(()=>{"use strict";l();lo();H();jn=t=>t,ju=Symbol.for("yciam.option"),Du=Symbol.for("yciam.message"),
fo=class{constructor(e){this.path=e}static[Symbol.hasInstance](e){return At(e,ju)}get[ju](){return!0}},Mn=class{constructor(e){
this.parts=e}static[Symbol.hasInstance](e){return At(e,Du)}get[Du](){return!0}render(e=jn){return tt(this.parts.map(n=>we(
n,e)).join(""))}toString(){return this.render()}}});function nS(t){let e=t.map(r=>b`  ${r.resolver}: ${r.reason}. To use it: ${r.remedy}.`),n=t.length===1?"The resolver ask\
ed for has no credential:":"No credential was found. Tried, in this order:";return Dn([n,...e],`
`)}var qu,le,I,R,q,Pe,po,M=v(()=>{"use strict";l();lo();D();qu=Symbol.for("yciam.error"),le=class t extends Error{#e;constructor(e){
super(we(e,jn)),this.#e=e}static[Symbol.hasInstance](e){return Function.prototype[Symbol.hasInstance].call(this,e)?!0:At(
e,qu)?this===t||"code"in this&&this.code===e.code:!1}get[qu](){return!0}get text(){return this.#e}messageFor(e){return we(
this.#e,e)}},I=class t extends le{constructor(n,r){super(n);this.option=r;this.name="OptionError";this.code=t.code}static{
this.code="ERR_YCIAM_OPTION"}},R=class t extends le{constructor(n,r,o={}){super(n);this.option=r;this.reply=o;this.name=
"CredentialError";this.code=t.code}static{this.code="ERR_YCIAM_CREDENTIAL"}},q=class t extends le{constructor(n,r,o={}){
super(n);this.failure=r;this.reply=o;this.name="ServiceError";this.code=t.code}static{this.code="ERR_YCIAM_SERVICE"}},Pe=
class t extends le{constructor(){super(...arguments);this.name="ValidityError";this.code=t.code}static{this.code="ERR_YC\
IAM_VALIDITY"}},po=class t extends le{constructor(n){super(nS(n));this.refusals=n;this.name="NoCredentialError";this.code=
t.code}static{this.code="ERR_YCIAM_NO_CREDENTIAL"}}});function Bu(...t){let e=t.reduce((o,{length:i})=>o+i,0),n=new Uint8Array(e),r=0;for(let o of t)n.set(o,r),r+=o.length;return n}
function mo(t){if(typeof t=="string"&&t.length>=128){if(lS.test(t))throw new TypeError("non-ASCII string encountered in \
encode()");return _t.encode(t)}let e=new Uint8Array(t.length);for(let n=0;n<t.length;n++){let r=t.charCodeAt(n);if(r>127)
throw new TypeError("non-ASCII string encountered in encode()");e[n]=r}return e}function Ku(t,e=!1){if(Uint8Array.prototype.
toBase64)return t.toBase64({alphabet:e?"base64url":"base64",omitPadding:e});let n=32768,r=[];for(let i=0;i<t.length;i+=n)
r.push(String.fromCharCode.apply(null,t.subarray(i,i+n)));let o=btoa(r.join(""));return e?o.replace(/=/g,"").replace(/\+/g,
"-").replace(/\//g,"_"):o}function Hu(t,e=!1){if(Uint8Array.fromBase64)return Uint8Array.fromBase64(t,{alphabet:e?"base6\
4url":"base64"});if(e){if(t.includes("+")||t.includes("/"))throw new TypeError("Invalid base64url");t=t.replace(/-/g,"+").
replace(/_/g,"/")}let n=atob(t),r=new Uint8Array(n.length);for(let o=0;o<n.length;o++)r[o]=n.charCodeAt(o);return r}var _t,
Fu,cS,y0,lS,yo=v(()=>{l();_t=new TextEncoder,Fu=new TextDecoder,cS=new TextDecoder("utf-8",{fatal:!0}),y0=2**32;lS=/[^\x00-\x7f]/});function Gu(t){try{return Hu(typeof t=="string"?t:Fu.decode(t),!0)}catch(e){throw new TypeError(uS,{cause:e})}}function qn(t){
return Ku(typeof t=="string"?_t.encode(t):t,!0)}var uS,Ns=v(()=>{l();yo();uS="The input to be decoded is not correctly e\
ncoded."});var Un,nt,Se,go,Wt=v(()=>{l();Un=class extends Error{static code="ERR_JOSE_GENERIC";code="ERR_JOSE_GENERIC";constructor(e,n){
super(e,n),this.name=this.constructor.name,Error.captureStackTrace?.(this,this.constructor)}},nt=class extends Un{static code="\
ERR_JOSE_NOT_SUPPORTED";code="ERR_JOSE_NOT_SUPPORTED"},Se=class extends Un{static code="ERR_JWS_INVALID";code="ERR_JWS_I\
NVALID"},go=class extends Un{static code="ERR_JWT_INVALID";code="ERR_JWT_INVALID"}});function Yu(t){let e={__proto__:null};for(let n in t)e[n]={...t[n],alg:n};return e}var Wu=v(()=>{l()});function Ps(t){let e={name:"HMAC",hash:`SHA-${t}`};return{kty:["oct"],secret:!0,subtle:e,signing:e,usages:Fn}}function Vt(t,e){
let n={name:e?"RSA-PSS":"RSASSA-PKCS1-v1_5",hash:`SHA-${t}`};return{kty:["RSA"],subtle:n,signing:e?{...n,saltLength:e}:n,
usages:Fn,minRsaBits:2048}}function $s(t,e){return{kty:["EC"],crv:t,subtle:{name:"ECDSA",namedCurve:t},signing:{name:"EC\
DSA",hash:`SHA-${e}`},usages:Fn}}function Vu(){let t={name:"Ed25519"};return{kty:["OKP"],crv:"Ed25519",subtle:t,signing:t,
usages:Fn}}function Ls(t){let e={name:`ML-DSA-${t}`};return{kty:["AKP"],subtle:e,signing:e,usages:Fn}}function Ju(t){let e=typeof t==
"string"?fS[t]:void 0;if(!e)throw new nt(`alg ${t} is not supported either by JOSE or your javascript runtime`);return e}
var Fn,fS,zu=v(()=>{l();Wt();Wu();Fn=[["verify"],["sign"]];fS=Yu({HS256:Ps(256),HS384:Ps(384),HS512:Ps(512),RS256:Vt(256),
RS384:Vt(384),RS512:Vt(512),PS256:Vt(256,32),PS384:Vt(384,48),PS512:Vt(512,64),ES256:$s("P-256",256),ES384:$s("P-384",384),
ES512:$s("P-521",512),EdDSA:Vu(),Ed25519:Vu(),"ML-DSA-44":Ls(44),"ML-DSA-65":Ls(65),"ML-DSA-87":Ls(87)})});function Bn(t){if(typeof t!="object"||t===null||Object.prototype.toString.call(t)!=="[object Object]")return!1;let e=Object.
getPrototypeOf(t);return e===null||Object.getPrototypeOf(e)===null}function Xu(...t){let e=new Set;for(let n of t)if(n)for(let r of Object.
keys(n)){if(e.has(r))return!1;e.add(r)}return!0}function Qu(t,e){if(t!==void 0)throw new TypeError(`${e} can only be cal\
led once`)}function ef(t,e){let{crit:n}=e??{};if(Array.isArray(n)&&new Set(n).size!==n.length)throw new t('"crit" (Criti\
cal) Header Parameter MUST NOT contain duplicate values')}function tf(t,e,n,r,o){if(o.crit!==void 0&&r?.crit===void 0)throw new t(
'"crit" (Critical) Header Parameter MUST be integrity protected');if(!r||r.crit===void 0)return[];if(!Array.isArray(r.crit)||
r.crit.length===0||r.crit.some(s=>typeof s!="string"||s.length===0))throw new t('"crit" (Critical) Header Parameter MUST\
 be an array of non-empty strings when present');let i=n===void 0?e:{__proto__:null,...n,...e};for(let s of r.crit){if(!(s in
i))throw new nt(`Extension Header Parameter "${s}" is not recognized`);if(!Object.hasOwn(o,s)||o[s]===void 0)throw new t(
`Extension Header Parameter "${s}" is missing`);if(i[s]&&(!Object.hasOwn(r,s)||r[s]===void 0))throw new t(`Extension Hea\
der Parameter "${s}" MUST be integrity protected`)}return r.crit}function nf(t,e){if(e.includes("b64")){let n=t.b64;if(typeof n!=
"boolean")throw new Se('The "b64" (base64url-encode payload) Header Parameter must be a boolean');return n}return!0}function Ms(t,e){
let n,r;try{n=JSON.stringify(e),r=JSON.parse(n)}catch(o){throw new t("JOSE Header is not valid JSON",{cause:o})}if(!Bn(r))
throw new t("JOSE Header is not a JSON object");return[r,n]}var Zu,Kn=v(()=>{l();Wt();Zu={__proto__:null,b64:!0}});async function of(t,e,n){let{alg:r,secret:o}=t,i=n==="decrypt"||n==="sign";if(o&&e instanceof Uint8Array)return e;let s,
a;if(Bn(e)){if(s=kS(e),typeof s.kty!="string")throw rf(r,e,o);if(!(o?s.kty==="oct"&&typeof s.k=="string":s.kty!=="oct"&&
(i?s.kty==="AKP"&&typeof s.priv=="string"||typeof s.d=="string":s.d===void 0&&s.priv===void 0)))throw new TypeError(o?'J\
SON Web Key for symmetric algorithms must have JWK "kty" (Key Type) equal to "oct" and the JWK "k" (Key Value) present':
`JSON Web Key for this operation must be a ${i?"private":"public"} JWK`);if(pS(t,s,n),s.kty==="oct")return Gu(s.k);if(!Object.
isFrozen(e)){let{key_ops:d}=e;Array.isArray(d)&&Object.freeze(d),Object.freeze(e)}}else{if(!yS(e))throw rf(r,e,o);let d=o?
"secret":i?"private":"public";if(e.type!==d&&(o||["secret","public","private"].includes(e.type)))throw new TypeError(`${dS(
e)} instances must be of type "${d}" for the ${r} algorithm`);if(sf(e))return e;if(a=e,a.type==="secret")return a.export()}
js||=new WeakMap;let c=e,u=js.get(c);if(u?.[r])return u[r];if(u||js.set(c,u={}),a&&typeof a.toCryptoKey=="function"){let d=a.
type==="public",f=hS[a.asymmetricKeyDetails?.namedCurve],p=t.resolve?.({crv:f,asymmetricKeyType:a.asymmetricKeyType})??t.
subtle;return u[r]=a.toCryptoKey(p,d,t.usages[d?0:1])}return s??=a.export({format:"jwk"}),s.alg=r,u[r]=await ES(t,s)}function gS(t,e,...n){
if(n.length>2){let r=n.pop();t+=`one of type ${n.join(", ")}, or ${r}.`}else n.length===2?t+=`one of type ${n[0]} or ${n[1]}\
.`:t+=`of type ${n[0]}.`;return e==null?t+=` Received ${e}`:typeof e=="function"&&e.name?t+=` Received function ${e.name}`:
typeof e=="object"&&e!=null&&e.constructor?.name&&(t+=` Received an instance of ${e.constructor.name}`),t}function rf(t,e,n){
let r=["CryptoKey","KeyObject","JSON Web Key"];return n&&r.push("Uint8Array"),new TypeError(gS(`Key for the ${t} algorit\
hm must be `,e,...r))}function wS(t,e){if(e&&!t.usages.includes(e))throw new TypeError(`CryptoKey does not support this \
operation, its usages must include ${e}.`)}function af(t,e){let{modulusLength:n}=e.algorithm;if(typeof n!="number"||n<2048)
throw new TypeError(`${t} requires key modulusLength to be 2048 bits or larger`)}function bS(t,e,n){let r=t.algorithm;if(r.
name!==e.name)throw wo(e.name);if(e.hash&&r.hash?.name!==e.hash)throw wo(e.hash,"algorithm.hash");if(e.namedCurve&&r.namedCurve!==
e.namedCurve)throw wo(e.namedCurve,"algorithm.namedCurve");if(e.length!==void 0&&r.length!==e.length)throw wo(e.length,"\
algorithm.length");wS(t,n)}function SS(t){return{__proto__:null,...t}}function kS(t){let e=SS(t);if(e.ext!==void 0&&typeof e.
ext!="boolean")throw new TypeError('"ext" (Extractable) Parameter must be a boolean');if(e.key_ops!==void 0){let n=e.key_ops,
r=Array.isArray(n)?[...n]:void 0;if(!r||r.some(o=>typeof o!="string")||new Set(r).size!==r.length)throw new TypeError('"\
key_ops" (Key Operations) Parameter must be an array of unique strings');e.key_ops=r}return e}async function ES(t,e,n){if(!t.
kty.includes(e.kty))throw new nt('Invalid or unsupported JWK "alg" (Algorithm) Parameter value');let r=t.resolve?.({kty:e.
kty,crv:e.crv})??t.subtle,o=!!(e.d||e.priv),i={...e,ext:n??e.ext};return i.kty!=="AKP"&&delete i.alg,delete i.use,crypto.
subtle.importKey("jwk",i,r,i.ext??!o,e.key_ops??t.usages[o?1:0])}async function cf(t,e,n,r=!1){return t instanceof Uint8Array&&
(t=await crypto.subtle.importKey("raw",t,e,r,[n])),bS(t,e,n),t}var dS,pS,js,hS,sf,mS,yS,wo,lf=v(()=>{l();Kn();Ns();Wt();
dS=t=>t[Symbol.toStringTag],pS=(t,e,n)=>{let{alg:r}=t;if(e.use!==void 0){let o=n==="sign"||n==="verify"?"sig":"enc";if(e.
use!==o)throw new TypeError(`Invalid key for this operation, its "use" must be "${o}" when present`)}if(e.kty==="AKP"&&e.
alg===void 0)throw new TypeError('missing "alg" (Algorithm) Parameter value');if(e.alg!==void 0&&e.alg!==r)throw new TypeError(
`Invalid key for this operation, its "alg" must be "${r}" when present`);if(Array.isArray(e.key_ops)){let o=n==="encrypt"||
n==="decrypt"?t.ops?.[n==="encrypt"?0:1]:n;if(o&&!e.key_ops.includes(o))throw new TypeError(`Invalid key for this operat\
ion, its "key_ops" must include "${o}" when present`)}};hS={__proto__:null,prime256v1:"P-256",secp384r1:"P-384",secp521r1:"\
P-521"},sf=t=>{if(t?.[Symbol.toStringTag]==="CryptoKey")return!0;try{return t instanceof CryptoKey}catch{return!1}},mS=t=>t?.[Symbol.
toStringTag]==="KeyObject",yS=t=>sf(t)||mS(t);wo=(t,e="algorithm.name")=>new TypeError(`CryptoKey does not support this \
operation, its ${e} must be ${t}`)});async function AS(t,e,n){let[r,o,i,s]=t,a="";if(o!==void 0){let S=Ms(Se,o);o=S[0],a=qn(S[1])}if(i!==void 0&&(i=Ms(Se,i)[0]),
!o&&!i)throw new Se("either setProtectedHeader or setUnprotectedHeader must be called before #sign()");if(!Xu(o,i))throw new Se(
"JWS Protected and JWS Unprotected Header Parameter names must be disjoint");let c={...o,...i};ef(Se,o);let u=nf(o,tf(Se,
Zu,s,o,c));u||n?.();let{alg:d}=c;if(typeof d!="string"||!d)throw new Se('JWS "alg" (Algorithm) Header Parameter missing \
or invalid');let f=Ju(d),p="",g=r,k;if(u){let S=t[4];S?(p=S[0]??=qn(r),g=S[1]??=mo(p)):(p=qn(r),k=_t.encode(`${a}.${p}`))}
k??=Bu(mo(a),mo("."),g);let y=await cf(await of(f,e,"sign"),f.subtle,"sign");f.minRsaBits&&af(f.alg,y);let w={signature:qn(
new Uint8Array(await crypto.subtle.sign(f.signing,y,k))),payload:p};return o&&(w.protected=a),i&&(w.header=i),[w,u]}async function uf(t,e,n,r,o){
let[i]=await AS([t,e,void 0,n],r,o);return`${i.protected}.${i.payload}.${i.signature}`}var ff=v(()=>{l();Ns();zu();Kn();
Wt();yo();lf()});function Ds(){throw new TypeError("Invalid time period format")}function df(t){typeof t!="string"&&Ds();let e=_S.exec(t);
(!e||e[4]&&e[1])&&Ds();let n=parseFloat(e[2]),r=Math.round(n*TS[e[3][0].toLowerCase()]);return Number.isFinite(r)||Ds(),
e[1]==="-"||e[4]?.toLowerCase()==="ago"?-r:r}function Fs(t,e){if(!Number.isFinite(e))throw new TypeError(`Invalid ${t} i\
nput`);return e}function qs(t,e){if(typeof e!="string")throw new TypeError(`"${t}" claim must be a string`)}function OS(t){
if(typeof t!="string"&&(!Array.isArray(t)||Array.from(t).some(e=>typeof e!="string")))throw new TypeError('"aud" claim m\
ust be a string or an array of strings')}function Us(t,e){return typeof t=="number"?Fs(e,t):t instanceof Date?Fs(e,bo(t)):
bo(new Date)+df(t)}function rt(t){return pf.get(t)}function hf(t){let e=rt(t);for(let n of["iat","nbf","exp"]){let r=e[n];
if(typeof r=="number"&&!Number.isFinite(r))throw new TypeError(`"${n}" claim must be a finite number`)}return _t.encode(
JSON.stringify(e))}var bo,TS,_S,pf,So,mf=v(()=>{l();yo();Kn();bo=t=>Math.floor(t.getTime()/1e3),TS={s:1,m:60,h:3600,d:86400,
w:604800,y:31557600},_S=/^(\+|\-)? ?(\d+|\d+\.\d+) ?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|years?|yrs?|y)(?: (ago|from now))?$/i;
So=class{constructor(e={}){if(!Bn(e))throw new TypeError("JWT Claims Set MUST be an object");(pf||=new WeakMap).set(this,
structuredClone(e))}setIssuer(e){return qs("iss",e),rt(this).iss=e,this}setSubject(e){return qs("sub",e),rt(this).sub=e,
this}setAudience(e){return OS(e),rt(this).aud=e,this}setJti(e){return qs("jti",e),rt(this).jti=e,this}setNotBefore(e){return rt(
this).nbf=Us(e,"setNotBefore"),this}setExpirationTime(e){return rt(this).exp=Us(e,"setExpirationTime"),this}setIssuedAt(e){
let n=rt(this);return e===void 0?n.iat=bo(new Date):typeof e=="string"?n.iat=Fs("setIssuedAt",bo(new Date)+df(e)):n.iat=
Us(e,"setIssuedAt"),this}}});var yf={};Ln(yf,{SignJWT:()=>Bs});var xS,Bs,gf=v(()=>{l();ff();Wt();mf();Kn();xS=So,Bs=class extends xS{#e;setProtectedHeader(e){
return Qu(this.#e,"setProtectedHeader"),this.#e=e,this}async sign(e,n){return uf(hf(this),this.#e,n?.crit,e,()=>{throw new go(
"JWTs MUST NOT use unencoded payload")})}}});function Ks(t){try{return JSON.parse(t)}catch{return}}function fe(t){let e=Ks(t);return ke(e)?e:void 0}function ke(t){return typeof t==
"object"&&t!==null&&!Array.isArray(t)}var ve=v(()=>{"use strict";l()});function z(){return process.uptime()*1e3}var VS,$f,JS,To,it=v(()=>{"use strict";l();VS=2e3,$f=5e3,JS=100,To=class{constructor(e,n=z){
this.hostNow=e;this.monotonic=n;this.offset=0;this.isMeasured=!1;this.latest={time:e(),at:n()}}now(){let e=this.hostNow()+
this.offset,n=this.monotonic(),r=this.latest.time+n-this.latest.at;r-e>JS&&(this.offset+=r-e);let o=Math.max(e,r);return this.
latest={time:o,at:n},o}get offsetMs(){return this.offset}get isHostWrong(){return Math.abs(this.offset)>=$f}presume(e){this.
isMeasured||(this.offset=Math.max(this.offset,e))}observe(e,n=0){if(e===void 0)return!1;let[r,o]=[e+n,e+n+VS],i=this.hostNow()+
this.offset,s=Math.min(Math.max(i,r),o);return this.isMeasured=!0,this.offset+=s-i,this.latest={time:s,at:this.monotonic()},
Math.abs(s-i)>=$f}}});var U=O(se=>{"use strict";l();var ia=Symbol.for("yaml.alias"),wd=Symbol.for("yaml.document"),Uo=Symbol.for("yaml.map"),bd=Symbol.
for("yaml.pair"),sa=Symbol.for("yaml.scalar"),Fo=Symbol.for("yaml.seq"),Ke=Symbol.for("yaml.node.type"),Qk=t=>!!t&&typeof t==
"object"&&t[Ke]===ia,Zk=t=>!!t&&typeof t=="object"&&t[Ke]===wd,eE=t=>!!t&&typeof t=="object"&&t[Ke]===Uo,tE=t=>!!t&&typeof t==
"object"&&t[Ke]===bd,Sd=t=>!!t&&typeof t=="object"&&t[Ke]===sa,nE=t=>!!t&&typeof t=="object"&&t[Ke]===Fo;function kd(t){
if(t&&typeof t=="object")switch(t[Ke]){case Uo:case Fo:return!0}return!1}function rE(t){if(t&&typeof t=="object")switch(t[Ke]){case ia:case Uo:case sa:case Fo:
return!0}return!1}var oE=t=>(Sd(t)||kd(t))&&!!t.anchor;se.ALIAS=ia;se.DOC=wd;se.MAP=Uo;se.NODE_TYPE=Ke;se.PAIR=bd;se.SCALAR=
sa;se.SEQ=Fo;se.hasAnchor=oE;se.isAlias=Qk;se.isCollection=kd;se.isDocument=Zk;se.isMap=eE;se.isNode=rE;se.isPair=tE;se.
isScalar=Sd;se.isSeq=nE});var zn=O(aa=>{"use strict";l();var oe=U(),pe=Symbol("break visit"),Ed=Symbol("skip children"),Me=Symbol("remove node");function Bo(t,e){
let n=Ad(e);oe.isDocument(t)?nn(null,t.contents,n,Object.freeze([t]))===Me&&(t.contents=null):nn(null,t,n,Object.freeze(
[]))}Bo.BREAK=pe;Bo.SKIP=Ed;Bo.REMOVE=Me;function nn(t,e,n,r){let o=Td(t,e,n,r);if(oe.isNode(o)||oe.isPair(o))return _d(
t,r,o),nn(t,o,n,r);if(typeof o!="symbol"){if(oe.isCollection(e)){r=Object.freeze(r.concat(e));for(let i=0;i<e.items.length;++i){
let s=nn(i,e.items[i],n,r);if(typeof s=="number")i=s-1;else{if(s===pe)return pe;s===Me&&(e.items.splice(i,1),i-=1)}}}else if(oe.
isPair(e)){r=Object.freeze(r.concat(e));let i=nn("key",e.key,n,r);if(i===pe)return pe;i===Me&&(e.key=null);let s=nn("val\
ue",e.value,n,r);if(s===pe)return pe;s===Me&&(e.value=null)}}return o}async function Ko(t,e){let n=Ad(e);oe.isDocument(t)?
await rn(null,t.contents,n,Object.freeze([t]))===Me&&(t.contents=null):await rn(null,t,n,Object.freeze([]))}Ko.BREAK=pe;
Ko.SKIP=Ed;Ko.REMOVE=Me;async function rn(t,e,n,r){let o=await Td(t,e,n,r);if(oe.isNode(o)||oe.isPair(o))return _d(t,r,o),
rn(t,o,n,r);if(typeof o!="symbol"){if(oe.isCollection(e)){r=Object.freeze(r.concat(e));for(let i=0;i<e.items.length;++i){
let s=await rn(i,e.items[i],n,r);if(typeof s=="number")i=s-1;else{if(s===pe)return pe;s===Me&&(e.items.splice(i,1),i-=1)}}}else if(oe.
isPair(e)){r=Object.freeze(r.concat(e));let i=await rn("key",e.key,n,r);if(i===pe)return pe;i===Me&&(e.key=null);let s=await rn(
"value",e.value,n,r);if(s===pe)return pe;s===Me&&(e.value=null)}}return o}function Ad(t){return typeof t=="object"&&(t.Collection||
t.Node||t.Value)?Object.assign({Alias:t.Node,Map:t.Node,Scalar:t.Node,Seq:t.Node},t.Value&&{Map:t.Value,Scalar:t.Value,Seq:t.
Value},t.Collection&&{Map:t.Collection,Seq:t.Collection},t):t}function Td(t,e,n,r){if(typeof n=="function")return n(t,e,
r);if(oe.isMap(e))return n.Map?.(t,e,r);if(oe.isSeq(e))return n.Seq?.(t,e,r);if(oe.isPair(e))return n.Pair?.(t,e,r);if(oe.
isScalar(e))return n.Scalar?.(t,e,r);if(oe.isAlias(e))return n.Alias?.(t,e,r)}function _d(t,e,n){let r=e[e.length-1];if(oe.
isCollection(r))r.items[t]=n;else if(oe.isPair(r))t==="key"?r.key=n:r.value=n;else if(oe.isDocument(r))r.contents=n;else{
let o=oe.isAlias(r)?"alias":"scalar";throw new Error(`Cannot replace node with ${o} parent`)}}aa.visit=Bo;aa.visitAsync=
Ko});var ca=O(xd=>{"use strict";l();var Od=U(),iE=zn(),sE={"!":"%21",",":"%2C","[":"%5B","]":"%5D","{":"%7B","}":"%7D"},aE=t=>t.
replace(/[!,[\]{}]/g,e=>sE[e]),Xn=class t{constructor(e,n){this.docStart=null,this.docEnd=!1,this.yaml=Object.assign({},
t.defaultYaml,e),this.tags=Object.assign({},t.defaultTags,n)}clone(){let e=new t(this.yaml,this.tags);return e.docStart=
this.docStart,e}atDocument(){let e=new t(this.yaml,this.tags);switch(this.yaml.version){case"1.1":this.atNextDocument=!0;
break;case"1.2":this.atNextDocument=!1,this.yaml={explicit:t.defaultYaml.explicit,version:"1.2"},this.tags=Object.assign(
{},t.defaultTags);break}return e}add(e,n){this.atNextDocument&&(this.yaml={explicit:t.defaultYaml.explicit,version:"1.1"},
this.tags=Object.assign({},t.defaultTags),this.atNextDocument=!1);let r=e.trim().split(/[ \t]+/),o=r.shift();switch(o){case"\
%TAG":{if(r.length!==2&&(n(0,"%TAG directive should contain exactly two parts"),r.length<2))return!1;let[i,s]=r;return this.
tags[i]=s,!0}case"%YAML":{if(this.yaml.explicit=!0,r.length!==1)return n(0,"%YAML directive should contain exactly one p\
art"),!1;let[i]=r;if(i==="1.1"||i==="1.2")return this.yaml.version=i,!0;{let s=/^\d+\.\d+$/.test(i);return n(6,`Unsuppor\
ted YAML version ${i}`,s),!1}}default:return n(0,`Unknown directive ${o}`,!0),!1}}tagName(e,n){if(e==="!")return"!";if(e[0]!==
"!")return n(`Not a valid tag: ${e}`),null;if(e[1]==="<"){let s=e.slice(2,-1);return s==="!"||s==="!!"?(n(`Verbatim tags\
 aren't resolved, so ${e} is invalid.`),null):(e[e.length-1]!==">"&&n("Verbatim tags must end with a >"),s)}let[,r,o]=e.
match(/^(.*!)([^!]*)$/s);o||n(`The ${e} tag has no suffix`);let i=this.tags[r];if(i)try{return i+decodeURIComponent(o)}catch(s){
return n(String(s)),null}return r==="!"?e:(n(`Could not resolve tag: ${e}`),null)}tagString(e){for(let[n,r]of Object.entries(
this.tags))if(e.startsWith(r))return n+aE(e.substring(r.length));return e[0]==="!"?e:`!<${e}>`}toString(e){let n=this.yaml.
explicit?[`%YAML ${this.yaml.version||"1.2"}`]:[],r=Object.entries(this.tags),o;if(e&&r.length>0&&Od.isNode(e.contents)){
let i={};iE.visit(e.contents,(s,a)=>{Od.isNode(a)&&a.tag&&(i[a.tag]=!0)}),o=Object.keys(i)}else o=[];for(let[i,s]of r)i===
"!!"&&s==="tag:yaml.org,2002:"||(!e||o.some(a=>a.startsWith(s)))&&n.push(`%TAG ${i} ${s}`);return n.join(`
`)}};Xn.defaultYaml={explicit:!1,version:"1.2"};Xn.defaultTags={"!!":"tag:yaml.org,2002:"};xd.Directives=Xn});var Ho=O(Qn=>{"use strict";l();var vd=U(),cE=zn();function lE(t){if(/[\x00-\x19\s,[\]{}]/.test(t)){let n=`Anchor must no\
t contain whitespace or control characters: ${JSON.stringify(t)}`;throw new Error(n)}return!0}function Rd(t){let e=new Set;
return cE.visit(t,{Value(n,r){r.anchor&&e.add(r.anchor)}}),e}function Cd(t,e){for(let n=1;;++n){let r=`${t}${n}`;if(!e.has(
r))return r}}function uE(t,e){let n=[],r=new Map,o=null;return{onAnchor:i=>{n.push(i),o??(o=Rd(t));let s=Cd(e,o);return o.
add(s),s},setAnchors:()=>{for(let i of n){let s=r.get(i);if(typeof s=="object"&&s.anchor&&(vd.isScalar(s.node)||vd.isCollection(
s.node)))s.node.anchor=s.anchor;else{let a=new Error("Failed to resolve repeated object (this should not happen)");throw a.
source=i,a}}},sourceObjects:r}}Qn.anchorIsValid=lE;Qn.anchorNames=Rd;Qn.createNodeAnchors=uE;Qn.findNewAnchor=Cd});var la=O(Id=>{"use strict";l();function Zn(t,e,n,r){if(r&&typeof r=="object")if(Array.isArray(r))for(let o=0,i=r.length;o<
i;++o){let s=r[o],a=Zn(t,r,String(o),s);a===void 0?delete r[o]:a!==s&&(r[o]=a)}else if(r instanceof Map)for(let o of Array.
from(r.keys())){let i=r.get(o),s=Zn(t,r,o,i);s===void 0?r.delete(o):s!==i&&r.set(o,s)}else if(r instanceof Set)for(let o of Array.
from(r)){let i=Zn(t,r,o,o);i===void 0?r.delete(o):i!==o&&(r.delete(o),r.add(i))}else for(let[o,i]of Object.entries(r)){let s=Zn(
t,r,o,i);s===void 0?delete r[o]:s!==i&&(r[o]=s)}return t.call(e,n,r)}Id.applyReviver=Zn});var lt=O(Pd=>{"use strict";l();var fE=U();function Nd(t,e,n){if(Array.isArray(t))return t.map((r,o)=>Nd(r,String(o),n));
if(t&&typeof t.toJSON=="function"){if(!n||!fE.hasAnchor(t))return t.toJSON(e,n);let r={aliasCount:0,count:1,res:void 0};
n.anchors.set(t,r),n.onCreate=i=>{r.res=i,delete n.onCreate};let o=t.toJSON(e,n);return n.onCreate&&n.onCreate(o),o}return typeof t==
"bigint"&&!n?.keep?Number(t):t}Pd.toJS=Nd});var Go=O(Ld=>{"use strict";l();var dE=la(),$d=U(),pE=lt(),ua=class{constructor(e){Object.defineProperty(this,$d.NODE_TYPE,
{value:e})}clone(){let e=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return this.range&&
(e.range=this.range.slice()),e}toJS(e,{mapAsMap:n,maxAliasCount:r,onAnchor:o,reviver:i}={}){if(!$d.isDocument(e))throw new TypeError(
"A document argument is required");let s={anchors:new Map,doc:e,keep:!0,mapAsMap:n===!0,mapKeyWarned:!1,maxAliasCount:typeof r==
"number"?r:100},a=pE.toJS(this,"",s);if(typeof o=="function")for(let{count:c,res:u}of s.anchors.values())o(u,c);return typeof i==
"function"?dE.applyReviver(i,{"":a},"",a):a}};Ld.NodeBase=ua});var er=O(Md=>{"use strict";l();var hE=Ho(),mE=zn(),on=U(),yE=Go(),gE=lt(),fa=class extends yE.NodeBase{constructor(e){super(
on.ALIAS),this.source=e,Object.defineProperty(this,"tag",{set(){throw new Error("Alias nodes cannot have tags")}})}resolve(e,n){
if(n?.maxAliasCount===0)throw new ReferenceError("Alias resolution is disabled");let r;n?.aliasResolveCache?r=n.aliasResolveCache:
(r=[],mE.visit(e,{Node:(i,s)=>{(on.isAlias(s)||on.hasAnchor(s))&&r.push(s)}}),n&&(n.aliasResolveCache=r));let o;for(let i of r){
if(i===this)break;i.anchor===this.source&&(o=i)}if(o&&n){let{anchors:i,doc:s,maxAliasCount:a}=n,c=i.get(o);if(c||(gE.toJS(
o,null,n),c=i.get(o)),c?.res===void 0){let u="This should not happen: Alias anchor was not resolved?";throw new ReferenceError(
u)}if(a>=0&&(c.count+=1,c.aliasCount===0&&(c.aliasCount=Yo(s,o,i)),c.count*c.aliasCount>a)){let u="Excessive alias count\
 indicates a resource exhaustion attack";throw new ReferenceError(u)}}return o}toJSON(e,n){if(!n)return{source:this.source};
let r=this.resolve(n.doc,n);if(!r){let o=`Unresolved alias (the anchor must be set before the alias): ${this.source}`;throw new ReferenceError(
o)}return n.anchors.get(r).res}toString(e,n,r){let o=`*${this.source}`;if(e){if(hE.anchorIsValid(this.source),e.options.
verifyAliasOrder&&!e.anchors.has(this.source)){let i=`Unresolved alias (the anchor must be set before the alias): ${this.
source}`;throw new Error(i)}if(e.implicitKey)return`${o} `}return o}};function Yo(t,e,n){if(on.isAlias(e)){let r=e.resolve(
t),o=n&&r&&n.get(r);return o?o.count*o.aliasCount:0}else if(on.isCollection(e)){let r=0;for(let o of e.items){let i=Yo(t,
o,n);i>r&&(r=i)}return r}else if(on.isPair(e)){let r=Yo(t,e.key,n),o=Yo(t,e.value,n);return Math.max(r,o)}return 1}Md.Alias=
fa});var ne=O(da=>{"use strict";l();var wE=U(),bE=Go(),SE=lt(),kE=t=>!t||typeof t!="function"&&typeof t!="object",ut=class extends bE.
NodeBase{constructor(e){super(wE.SCALAR),this.value=e}toJSON(e,n){return n?.keep?this.value:SE.toJS(this.value,e,n)}toString(){
return String(this.value)}};ut.BLOCK_FOLDED="BLOCK_FOLDED";ut.BLOCK_LITERAL="BLOCK_LITERAL";ut.PLAIN="PLAIN";ut.QUOTE_DOUBLE=
"QUOTE_DOUBLE";ut.QUOTE_SINGLE="QUOTE_SINGLE";da.Scalar=ut;da.isScalarValue=kE});var tr=O(Dd=>{"use strict";l();var EE=er(),Rt=U(),jd=ne(),AE="tag:yaml.org,2002:";function TE(t,e,n){if(e){let r=n.filter(
i=>i.tag===e),o=r.find(i=>!i.format)??r[0];if(!o)throw new Error(`Tag ${e} not found`);return o}return n.find(r=>r.identify?.(
t)&&!r.format)}function _E(t,e,n){if(Rt.isDocument(t)&&(t=t.contents),Rt.isNode(t))return t;if(Rt.isPair(t)){let f=n.schema[Rt.
MAP].createNode?.(n.schema,null,n);return f.items.push(t),f}(t instanceof String||t instanceof Number||t instanceof Boolean||
typeof BigInt<"u"&&t instanceof BigInt)&&(t=t.valueOf());let{aliasDuplicateObjects:r,onAnchor:o,onTagObj:i,schema:s,sourceObjects:a}=n,
c;if(r&&t&&typeof t=="object"){if(c=a.get(t),c)return c.anchor??(c.anchor=o(t)),new EE.Alias(c.anchor);c={anchor:null,node:null},
a.set(t,c)}e?.startsWith("!!")&&(e=AE+e.slice(2));let u=TE(t,e,s.tags);if(!u){if(t&&typeof t.toJSON=="function"&&(t=t.toJSON()),
!t||typeof t!="object"){let f=new jd.Scalar(t);return c&&(c.node=f),f}u=t instanceof Map?s[Rt.MAP]:Symbol.iterator in Object(
t)?s[Rt.SEQ]:s[Rt.MAP]}i&&(i(u),delete n.onTagObj);let d=u?.createNode?u.createNode(n.schema,t,n):typeof u?.nodeClass?.from==
"function"?u.nodeClass.from(n.schema,t,n):new jd.Scalar(t);return e?d.tag=e:u.default||(d.tag=u.tag),c&&(c.node=d),d}Dd.
createNode=_E});var Vo=O(Wo=>{"use strict";l();var OE=tr(),je=U(),xE=Go();function pa(t,e,n){let r=n;for(let o=e.length-1;o>=0;--o){let i=e[o];
if(typeof i=="number"&&Number.isInteger(i)&&i>=0){let s=[];s[i]=r,r=s}else r=new Map([[i,r]])}return OE.createNode(r,void 0,
{aliasDuplicateObjects:!1,keepUndefined:!1,onAnchor:()=>{throw new Error("This should not happen, please report a bug.")},
schema:t,sourceObjects:new Map})}var qd=t=>t==null||typeof t=="object"&&!!t[Symbol.iterator]().next().done,ha=class extends xE.
NodeBase{constructor(e,n){super(e),Object.defineProperty(this,"schema",{value:n,configurable:!0,enumerable:!1,writable:!0})}clone(e){
let n=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return e&&(n.schema=e),n.items=n.
items.map(r=>je.isNode(r)||je.isPair(r)?r.clone(e):r),this.range&&(n.range=this.range.slice()),n}addIn(e,n){if(qd(e))this.
add(n);else{let[r,...o]=e,i=this.get(r,!0);if(je.isCollection(i))i.addIn(o,n);else if(i===void 0&&this.schema)this.set(r,
pa(this.schema,o,n));else throw new Error(`Expected YAML collection at ${r}. Remaining path: ${o}`)}}deleteIn(e){let[n,...r]=e;
if(r.length===0)return this.delete(n);let o=this.get(n,!0);if(je.isCollection(o))return o.deleteIn(r);throw new Error(`E\
xpected YAML collection at ${n}. Remaining path: ${r}`)}getIn(e,n){let[r,...o]=e,i=this.get(r,!0);return o.length===0?!n&&
je.isScalar(i)?i.value:i:je.isCollection(i)?i.getIn(o,n):void 0}hasAllNullValues(e){return this.items.every(n=>{if(!je.isPair(
n))return!1;let r=n.value;return r==null||e&&je.isScalar(r)&&r.value==null&&!r.commentBefore&&!r.comment&&!r.tag})}hasIn(e){
let[n,...r]=e;if(r.length===0)return this.has(n);let o=this.get(n,!0);return je.isCollection(o)?o.hasIn(r):!1}setIn(e,n){
let[r,...o]=e;if(o.length===0)this.set(r,n);else{let i=this.get(r,!0);if(je.isCollection(i))i.setIn(o,n);else if(i===void 0&&
this.schema)this.set(r,pa(this.schema,o,n));else throw new Error(`Expected YAML collection at ${r}. Remaining path: ${o}`)}}};
Wo.Collection=ha;Wo.collectionFromPath=pa;Wo.isEmptyPath=qd});var nr=O(Jo=>{"use strict";l();var vE=t=>t.replace(/^(?!$)(?: $)?/gm,"#");function ma(t,e){return/^\n+$/.test(t)?t.substring(
1):e?t.replace(/^(?! *$)/gm,e):t}var RE=(t,e,n)=>t.endsWith(`
`)?ma(n,e):n.includes(`
`)?`
`+ma(n,e):(t.endsWith(" ")?"":" ")+n;Jo.indentComment=ma;Jo.lineComment=RE;Jo.stringifyComment=vE});var Fd=O(rr=>{"use strict";l();var CE="flow",ya="block",zo="quoted";function IE(t,e,n="flow",{indentAtStart:r,lineWidth:o=80,
minContentWidth:i=20,onFold:s,onOverflow:a}={}){if(!o||o<0)return t;o<i&&(i=0);let c=Math.max(1+i,1+o-e.length);if(t.length<=
c)return t;let u=[],d={},f=o-e.length;typeof r=="number"&&(r>o-Math.max(2,i)?u.push(0):f=o-r);let p,g,k=!1,y=-1,w=-1,S=-1;
n===ya&&(y=Ud(t,y,e.length),y!==-1&&(f=y+c));for(let _;_=t[y+=1];){if(n===zo&&_==="\\"){switch(w=y,t[y+1]){case"x":y+=3;
break;case"u":y+=5;break;case"U":y+=9;break;default:y+=1}S=y}if(_===`
`)n===ya&&(y=Ud(t,y,e.length)),f=y+e.length+c,p=void 0;else{if(_===" "&&g&&g!==" "&&g!==`
`&&g!=="	"){let x=t[y+1];x&&x!==" "&&x!==`
`&&x!=="	"&&(p=y)}if(y>=f)if(p)u.push(p),f=p+c,p=void 0;else if(n===zo){for(;g===" "||g==="	";)g=_,_=t[y+=1],k=!0;let x=y>
S+1?y-2:w-1;if(d[x])return t;u.push(x),d[x]=!0,f=x+c,p=void 0}else k=!0}g=_}if(k&&a&&a(),u.length===0)return t;s&&s();let E=t.
slice(0,u[0]);for(let _=0;_<u.length;++_){let x=u[_],N=u[_+1]||t.length;x===0?E=`
${e}${t.slice(0,N)}`:(n===zo&&d[x]&&(E+=`${t[x]}\\`),E+=`
${e}${t.slice(x+1,N)}`)}return E}function Ud(t,e,n){let r=e,o=e+1,i=t[o];for(;i===" "||i==="	";)if(e<o+n)i=t[++e];else{do
i=t[++e];while(i&&i!==`
`);r=e,o=e+1,i=t[o]}return r}rr.FOLD_BLOCK=ya;rr.FOLD_FLOW=CE;rr.FOLD_QUOTED=zo;rr.foldFlowLines=IE});var ir=O(Bd=>{"use strict";l();var Ce=ne(),ft=Fd(),Qo=(t,e)=>({indentAtStart:e?t.indent.length:t.indentAtStart,lineWidth:t.
options.lineWidth,minContentWidth:t.options.minContentWidth}),Zo=t=>/^(%|---|\.\.\.)/m.test(t);function NE(t,e,n){if(!e||
e<0)return!1;let r=e-n,o=t.length;if(o<=r)return!1;for(let i=0,s=0;i<o;++i)if(t[i]===`
`){if(i-s>r)return!0;if(s=i+1,o-s<=r)return!1}return!0}function or(t,e){let n=JSON.stringify(t);if(e.options.doubleQuotedAsJSON)
return n;let{implicitKey:r}=e,o=e.options.doubleQuotedMinMultiLineLength,i=e.indent||(Zo(t)?"  ":""),s="",a=0;for(let c=0,
u=n[c];u;u=n[++c])if(u===" "&&n[c+1]==="\\"&&n[c+2]==="n"&&(s+=n.slice(a,c)+"\\ ",c+=1,a=c,u="\\"),u==="\\")switch(n[c+1]){case"\
u":{s+=n.slice(a,c);let d=n.substr(c+2,4);switch(d){case"0000":s+="\\0";break;case"0007":s+="\\a";break;case"000b":s+="\\\
v";break;case"001b":s+="\\e";break;case"0085":s+="\\N";break;case"00a0":s+="\\_";break;case"2028":s+="\\L";break;case"20\
29":s+="\\P";break;default:d.substr(0,2)==="00"?s+="\\x"+d.substr(2):s+=n.substr(c,6)}c+=5,a=c+1}break;case"n":if(r||n[c+
2]==='"'||n.length<o)c+=1;else{for(s+=n.slice(a,c)+`

`;n[c+2]==="\\"&&n[c+3]==="n"&&n[c+4]!=='"';)s+=`
`,c+=2;s+=i,n[c+2]===" "&&(s+="\\"),c+=1,a=c+1}break;default:c+=1}return s=a?s+n.slice(a):n,r?s:ft.foldFlowLines(s,i,ft.
FOLD_QUOTED,Qo(e,!1))}function ga(t,e){if(e.options.singleQuote===!1||e.implicitKey&&t.includes(`
`)||/[ \t]\n|\n[ \t]/.test(t))return or(t,e);let n=e.indent||(Zo(t)?"  ":""),r="'"+t.replace(/'/g,"''").replace(/\n+/g,`\
$&
${n}`)+"'";return e.implicitKey?r:ft.foldFlowLines(r,n,ft.FOLD_FLOW,Qo(e,!1))}function sn(t,e){let{singleQuote:n}=e.options,
r;if(n===!1)r=or;else{let o=t.includes('"'),i=t.includes("'");o&&!i?r=ga:i&&!o?r=or:r=n?ga:or}return r(t,e)}var wa;try{wa=
new RegExp(`(^|(?<!
))
+(?!
|$)`,"g")}catch{wa=/\n+(?!\n|$)/g}function Xo({comment:t,type:e,value:n},r,o,i){let{blockQuote:s,commentString:a,lineWidth:c}=r.
options;if(!s||/\n[\t ]+$/.test(n))return sn(n,r);let u=r.indent||(r.forceBlockIndent||Zo(n)?"  ":""),d=s==="literal"?!0:
s==="folded"||e===Ce.Scalar.BLOCK_FOLDED?!1:e===Ce.Scalar.BLOCK_LITERAL?!0:!NE(n,c,u.length);if(!n)return d?`|
`:`>
`;let f,p;for(p=n.length;p>0;--p){let N=n[p-1];if(N!==`
`&&N!=="	"&&N!==" ")break}let g=n.substring(p),k=g.indexOf(`
`);k===-1?f="-":n===g||k!==g.length-1?(f="+",i&&i()):f="",g&&(n=n.slice(0,-g.length),g[g.length-1]===`
`&&(g=g.slice(0,-1)),g=g.replace(wa,`$&${u}`));let y=!1,w,S=-1;for(w=0;w<n.length;++w){let N=n[w];if(N===" ")y=!0;else if(N===
`
`)S=w;else break}let E=n.substring(0,S<w?S+1:w);E&&(n=n.substring(E.length),E=E.replace(/\n+/g,`$&${u}`));let x=(y?u?"2":
"1":"")+f;if(t&&(x+=" "+a(t.replace(/ ?[\r\n]+/g," ")),o&&o()),!d){let N=n.replace(/\n+/g,`
$&`).replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g,"$1$2").replace(/\n+/g,`$&${u}`),L=!1,Y=Qo(r,!0);s!=="fold\
ed"&&e!==Ce.Scalar.BLOCK_FOLDED&&(Y.onOverflow=()=>{L=!0});let C=ft.foldFlowLines(`${E}${N}${g}`,u,ft.FOLD_BLOCK,Y);if(!L)
return`>${x}
${u}${C}`}return n=n.replace(/\n+/g,`$&${u}`),`|${x}
${u}${E}${n}${g}`}function PE(t,e,n,r){let{type:o,value:i}=t,{actualString:s,implicitKey:a,indent:c,indentStep:u,inFlow:d}=e;
if(a&&i.includes(`
`)||d&&/[[\]{},]/.test(i))return sn(i,e);if(/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.
test(i))return a||d||!i.includes(`
`)?sn(i,e):Xo(t,e,n,r);if(!a&&!d&&o!==Ce.Scalar.PLAIN&&i.includes(`
`))return Xo(t,e,n,r);if(Zo(i)){if(c==="")return e.forceBlockIndent=!0,Xo(t,e,n,r);if(a&&c===u)return sn(i,e)}let f=i.replace(
/\n+/g,`$&
${c}`);if(s){let p=y=>y.default&&y.tag!=="tag:yaml.org,2002:str"&&y.test?.test(f),{compat:g,tags:k}=e.doc.schema;if(k.some(
p)||g?.some(p))return sn(i,e)}return a?f:ft.foldFlowLines(f,c,ft.FOLD_FLOW,Qo(e,!1))}function $E(t,e,n,r){let{implicitKey:o,
inFlow:i}=e,s=typeof t.value=="string"?t:Object.assign({},t,{value:String(t.value)}),{type:a}=t;a!==Ce.Scalar.QUOTE_DOUBLE&&
/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(s.value)&&(a=Ce.Scalar.QUOTE_DOUBLE);let c=d=>{switch(d){case Ce.
Scalar.BLOCK_FOLDED:case Ce.Scalar.BLOCK_LITERAL:return o||i?sn(s.value,e):Xo(s,e,n,r);case Ce.Scalar.QUOTE_DOUBLE:return or(
s.value,e);case Ce.Scalar.QUOTE_SINGLE:return ga(s.value,e);case Ce.Scalar.PLAIN:return PE(s,e,n,r);default:return null}},
u=c(a);if(u===null){let{defaultKeyType:d,defaultStringType:f}=e.options,p=o&&d||f;if(u=c(p),u===null)throw new Error(`Un\
supported default string type ${p}`)}return u}Bd.stringifyString=$E});var sr=O(ba=>{"use strict";l();var LE=Ho(),dt=U(),ME=nr(),jE=ir();function DE(t,e){let n=Object.assign({blockQuote:!0,commentString:ME.
stringifyComment,defaultKeyType:null,defaultStringType:"PLAIN",directives:null,doubleQuotedAsJSON:!1,doubleQuotedMinMultiLineLength:40,
falseStr:"false",flowCollectionPadding:!0,indentSeq:!0,lineWidth:80,minContentWidth:20,nullStr:"null",simpleKeys:!1,singleQuote:null,
trailingComma:!1,trueStr:"true",verifyAliasOrder:!0},t.schema.toStringOptions,e),r;switch(n.collectionStyle){case"block":
r=!1;break;case"flow":r=!0;break;default:r=null}return{anchors:new Set,doc:t,flowCollectionPadding:n.flowCollectionPadding?
" ":"",indent:"",indentStep:typeof n.indent=="number"?" ".repeat(n.indent):"  ",inFlow:r,options:n}}function qE(t,e){if(e.
tag){let o=t.filter(i=>i.tag===e.tag);if(o.length>0)return o.find(i=>i.format===e.format)??o[0]}let n,r;if(dt.isScalar(e)){
r=e.value;let o=t.filter(i=>i.identify?.(r));if(o.length>1){let i=o.filter(s=>s.test);i.length>0&&(o=i)}n=o.find(i=>i.format===
e.format)??o.find(i=>!i.format)}else r=e,n=t.find(o=>o.nodeClass&&r instanceof o.nodeClass);if(!n){let o=r?.constructor?.
name??(r===null?"null":typeof r);throw new Error(`Tag not resolved for ${o} value`)}return n}function UE(t,e,{anchors:n,
doc:r}){if(!r.directives)return"";let o=[],i=(dt.isScalar(t)||dt.isCollection(t))&&t.anchor;i&&LE.anchorIsValid(i)&&(n.add(
i),o.push(`&${i}`));let s=t.tag??(e.default?null:e.tag);return s&&o.push(r.directives.tagString(s)),o.join(" ")}function FE(t,e,n,r){
if(dt.isPair(t))return t.toString(e,n,r);if(dt.isAlias(t)){if(e.doc.directives)return t.toString(e);if(e.resolvedAliases?.
has(t))throw new TypeError("Cannot stringify circular structure without alias nodes");e.resolvedAliases?e.resolvedAliases.
add(t):e.resolvedAliases=new Set([t]),t=t.resolve(e.doc)}let o,i=dt.isNode(t)?t:e.doc.createNode(t,{onTagObj:c=>o=c});o??
(o=qE(e.doc.schema.tags,i));let s=UE(i,o,e);s.length>0&&(e.indentAtStart=(e.indentAtStart??0)+s.length+1);let a=typeof o.
stringify=="function"?o.stringify(i,e,n,r):dt.isScalar(i)?jE.stringifyString(i,e,n,r):i.toString(e,n,r);return s?dt.isScalar(
i)||a[0]==="{"||a[0]==="["?`${s} ${a}`:`${s}
${e.indent}${a}`:a}ba.createStringifyContext=DE;ba.stringify=FE});var Yd=O(Gd=>{"use strict";l();var He=U(),Kd=ne(),Hd=sr(),ar=nr();function BE({key:t,value:e},n,r,o){let{allNullValues:i,
doc:s,indent:a,indentStep:c,options:{commentString:u,indentSeq:d,simpleKeys:f}}=n,p=He.isNode(t)&&t.comment||null;if(f){
if(p)throw new Error("With simple keys, key nodes cannot have comments");if(He.isCollection(t)||!He.isNode(t)&&typeof t==
"object"){let Y="With simple keys, collection cannot be used as a key value";throw new Error(Y)}}let g=!f&&(!t||p&&e==null&&
!n.inFlow||He.isCollection(t)||(He.isScalar(t)?t.type===Kd.Scalar.BLOCK_FOLDED||t.type===Kd.Scalar.BLOCK_LITERAL:typeof t==
"object"));n=Object.assign({},n,{allNullValues:!1,implicitKey:!g&&(f||!i),indent:a+c});let k=!1,y=!1,w=Hd.stringify(t,n,
()=>k=!0,()=>y=!0);if(!g&&!n.inFlow&&w.length>1024){if(f)throw new Error("With simple keys, single line scalar must not \
span more than 1024 characters");g=!0}if(n.inFlow){if(i||e==null)return k&&r&&r(),w===""?"?":g?`? ${w}`:w}else if(i&&!f||
e==null&&g)return w=`? ${w}`,p&&!k?w+=ar.lineComment(w,n.indent,u(p)):y&&o&&o(),w;k&&(p=null),g?(p&&(w+=ar.lineComment(w,
n.indent,u(p))),w=`? ${w}
${a}:`):(w=`${w}:`,p&&(w+=ar.lineComment(w,n.indent,u(p))));let S,E,_;He.isNode(e)?(S=!!e.spaceBefore,E=e.commentBefore,
_=e.comment):(S=!1,E=null,_=null,e&&typeof e=="object"&&(e=s.createNode(e))),n.implicitKey=!1,!g&&!p&&He.isScalar(e)&&(n.
indentAtStart=w.length+1),y=!1,!d&&c.length>=2&&!n.inFlow&&!g&&He.isSeq(e)&&!e.flow&&!e.tag&&!e.anchor&&(n.indent=n.indent.
substring(2));let x=!1,N=Hd.stringify(e,n,()=>x=!0,()=>y=!0),L=" ";if(p||S||E){if(L=S?`
`:"",E){let Y=u(E);L+=`
${ar.indentComment(Y,n.indent)}`}N===""&&!n.inFlow?L===`
`&&_&&(L=`

`):L+=`
${n.indent}`}else if(!g&&He.isCollection(e)){let Y=N[0],C=N.indexOf(`
`),Q=C!==-1,Qe=n.inFlow??e.flow??e.items.length===0;if(Q||!Qe){let Ht=!1;if(Q&&(Y==="&"||Y==="!")){let re=N.indexOf(" ");
Y==="&"&&re!==-1&&re<C&&N[re+1]==="!"&&(re=N.indexOf(" ",re+1)),(re===-1||C<re)&&(Ht=!0)}Ht||(L=`
${n.indent}`)}}else(N===""||N[0]===`
`)&&(L="");return w+=L+N,n.inFlow?x&&r&&r():_&&!x?w+=ar.lineComment(w,n.indent,u(_)):y&&o&&o(),w}Gd.stringifyPair=BE});var ka=O(Sa=>{"use strict";l();var Wd=require("process");function KE(t,...e){t==="debug"&&console.log(...e)}function HE(t,e){
(t==="debug"||t==="warn")&&(typeof Wd.emitWarning=="function"?Wd.emitWarning(e):console.warn(e))}Sa.debug=KE;Sa.warn=HE});var oi=O(ri=>{"use strict";l();var ni=U(),Vd=ne(),ei="<<",ti={identify:t=>t===ei||typeof t=="symbol"&&t.description===ei,
default:"key",tag:"tag:yaml.org,2002:merge",test:/^<<$/,resolve:()=>Object.assign(new Vd.Scalar(Symbol(ei)),{addToJSMap:Jd}),
stringify:()=>ei},GE=(t,e)=>(ti.identify(e)||ni.isScalar(e)&&(!e.type||e.type===Vd.Scalar.PLAIN)&&ti.identify(e.value))&&
t?.doc.schema.tags.some(n=>n.tag===ti.tag&&n.default);function Jd(t,e,n){let r=zd(t,n);if(ni.isSeq(r))for(let o of r.items)
Ea(t,e,o);else if(Array.isArray(r))for(let o of r)Ea(t,e,o);else Ea(t,e,r)}function Ea(t,e,n){let r=zd(t,n);if(!ni.isMap(
r))throw new Error("Merge sources must be maps or map aliases");let o=r.toJSON(null,t,Map);for(let[i,s]of o)e instanceof
Map?e.has(i)||e.set(i,s):e instanceof Set?e.add(i):Object.prototype.hasOwnProperty.call(e,i)||Object.defineProperty(e,i,
{value:s,writable:!0,enumerable:!0,configurable:!0});return e}function zd(t,e){return t&&ni.isAlias(e)?e.resolve(t.doc,t):
e}ri.addMergeToJSMap=Jd;ri.isMergeKey=GE;ri.merge=ti});var Ta=O(Zd=>{"use strict";l();var YE=ka(),Xd=oi(),WE=sr(),Qd=U(),Aa=lt();function VE(t,e,{key:n,value:r}){if(Qd.isNode(
n)&&n.addToJSMap)n.addToJSMap(t,e,r);else if(Xd.isMergeKey(t,n))Xd.addMergeToJSMap(t,e,r);else{let o=Aa.toJS(n,"",t);if(e instanceof
Map)e.set(o,Aa.toJS(r,o,t));else if(e instanceof Set)e.add(o);else{let i=JE(n,o,t),s=Aa.toJS(r,i,t);i in e?Object.defineProperty(
e,i,{value:s,writable:!0,enumerable:!0,configurable:!0}):e[i]=s}}return e}function JE(t,e,n){if(e===null)return"";if(typeof e!=
"object")return String(e);if(Qd.isNode(t)&&n?.doc){let r=WE.createStringifyContext(n.doc,{});r.anchors=new Set;for(let i of n.
anchors.keys())r.anchors.add(i.anchor);r.inFlow=!0,r.inStringifyKey=!0;let o=t.toString(r);if(!n.mapKeyWarned){let i=JSON.
stringify(o);i.length>40&&(i=i.substring(0,36)+'..."'),YE.warn(n.doc.options.logLevel,`Keys with collection values will \
be stringified due to JS Object restrictions: ${i}. Set mapAsMap: true to use object keys.`),n.mapKeyWarned=!0}return o}
return JSON.stringify(e)}Zd.addPairToJSMap=VE});var pt=O(_a=>{"use strict";l();var ep=tr(),zE=Yd(),XE=Ta(),ii=U();function QE(t,e,n){let r=ep.createNode(t,void 0,n),o=ep.
createNode(e,void 0,n);return new si(r,o)}var si=class t{constructor(e,n=null){Object.defineProperty(this,ii.NODE_TYPE,{
value:ii.PAIR}),this.key=e,this.value=n}clone(e){let{key:n,value:r}=this;return ii.isNode(n)&&(n=n.clone(e)),ii.isNode(r)&&
(r=r.clone(e)),new t(n,r)}toJSON(e,n){let r=n?.mapAsMap?new Map:{};return XE.addPairToJSMap(n,r,this)}toString(e,n,r){return e?.
doc?zE.stringifyPair(this,e,n,r):JSON.stringify(this)}};_a.Pair=si;_a.createPair=QE});var Oa=O(np=>{"use strict";l();var Ct=U(),tp=sr(),ai=nr();function ZE(t,e,n){return(e.inFlow??t.flow?tA:eA)(t,e,n)}function eA({
comment:t,items:e},n,{blockItemPrefix:r,flowChars:o,itemIndent:i,onChompKeep:s,onComment:a}){let{indent:c,options:{commentString:u}}=n,
d=Object.assign({},n,{indent:i,type:null}),f=!1,p=[];for(let k=0;k<e.length;++k){let y=e[k],w=null;if(Ct.isNode(y))!f&&y.
spaceBefore&&p.push(""),ci(n,p,y.commentBefore,f),y.comment&&(w=y.comment);else if(Ct.isPair(y)){let E=Ct.isNode(y.key)?
y.key:null;E&&(!f&&E.spaceBefore&&p.push(""),ci(n,p,E.commentBefore,f))}f=!1;let S=tp.stringify(y,d,()=>w=null,()=>f=!0);
w&&(S+=ai.lineComment(S,i,u(w))),f&&w&&(f=!1),p.push(r+S)}let g;if(p.length===0)g=o.start+o.end;else{g=p[0];for(let k=1;k<
p.length;++k){let y=p[k];g+=y?`
${c}${y}`:`
`}}return t?(g+=`
`+ai.indentComment(u(t),c),a&&a()):f&&s&&s(),g}function tA({items:t},e,{flowChars:n,itemIndent:r}){let{indent:o,indentStep:i,
flowCollectionPadding:s,options:{commentString:a}}=e;r+=i;let c=Object.assign({},e,{indent:r,inFlow:!0,type:null}),u=!1,
d=0,f=[];for(let k=0;k<t.length;++k){let y=t[k],w=null;if(Ct.isNode(y))y.spaceBefore&&f.push(""),ci(e,f,y.commentBefore,
!1),y.comment&&(w=y.comment);else if(Ct.isPair(y)){let E=Ct.isNode(y.key)?y.key:null;E&&(E.spaceBefore&&f.push(""),ci(e,
f,E.commentBefore,!1),E.comment&&(u=!0));let _=Ct.isNode(y.value)?y.value:null;_?(_.comment&&(w=_.comment),_.commentBefore&&
(u=!0)):y.value==null&&E?.comment&&(w=E.comment)}w&&(u=!0);let S=tp.stringify(y,c,()=>w=null);u||(u=f.length>d||S.includes(
`
`)),k<t.length-1?S+=",":e.options.trailingComma&&(e.options.lineWidth>0&&(u||(u=f.reduce((E,_)=>E+_.length+2,2)+(S.length+
2)>e.options.lineWidth)),u&&(S+=",")),w&&(S+=ai.lineComment(S,r,a(w))),f.push(S),d=f.length}let{start:p,end:g}=n;if(f.length===
0)return p+g;if(!u){let k=f.reduce((y,w)=>y+w.length+2,2);u=e.options.lineWidth>0&&k>e.options.lineWidth}if(u){let k=p;for(let y of f)
k+=y?`
${i}${o}${y}`:`
`;return`${k}
${o}${g}`}else return`${p}${s}${f.join(" ")}${s}${g}`}function ci({indent:t,options:{commentString:e}},n,r,o){if(r&&o&&(r=
r.replace(/^\n+/,"")),r){let i=ai.indentComment(e(r),t);n.push(i.trimStart())}}np.stringifyCollection=ZE});var mt=O(va=>{"use strict";l();var nA=Oa(),rA=Ta(),oA=Vo(),ht=U(),li=pt(),iA=ne();function cr(t,e){let n=ht.isScalar(e)?
e.value:e;for(let r of t)if(ht.isPair(r)&&(r.key===e||r.key===n||ht.isScalar(r.key)&&r.key.value===n))return r}var xa=class extends oA.
Collection{static get tagName(){return"tag:yaml.org,2002:map"}constructor(e){super(ht.MAP,e),this.items=[]}static from(e,n,r){
let{keepUndefined:o,replacer:i}=r,s=new this(e),a=(c,u)=>{if(typeof i=="function")u=i.call(n,c,u);else if(Array.isArray(
i)&&!i.includes(c))return;(u!==void 0||o)&&s.items.push(li.createPair(c,u,r))};if(n instanceof Map)for(let[c,u]of n)a(c,
u);else if(n&&typeof n=="object")for(let c of Object.keys(n))a(c,n[c]);return typeof e.sortMapEntries=="function"&&s.items.
sort(e.sortMapEntries),s}add(e,n){let r;ht.isPair(e)?r=e:!e||typeof e!="object"||!("key"in e)?r=new li.Pair(e,e?.value):
r=new li.Pair(e.key,e.value);let o=cr(this.items,r.key),i=this.schema?.sortMapEntries;if(o){if(!n)throw new Error(`Key ${r.
key} already set`);ht.isScalar(o.value)&&iA.isScalarValue(r.value)?o.value.value=r.value:o.value=r.value}else if(i){let s=this.
items.findIndex(a=>i(r,a)<0);s===-1?this.items.push(r):this.items.splice(s,0,r)}else this.items.push(r)}delete(e){let n=cr(
this.items,e);return n?this.items.splice(this.items.indexOf(n),1).length>0:!1}get(e,n){let o=cr(this.items,e)?.value;return(!n&&
ht.isScalar(o)?o.value:o)??void 0}has(e){return!!cr(this.items,e)}set(e,n){this.add(new li.Pair(e,n),!0)}toJSON(e,n,r){let o=r?
new r:n?.mapAsMap?new Map:{};n?.onCreate&&n.onCreate(o);for(let i of this.items)rA.addPairToJSMap(n,o,i);return o}toString(e,n,r){
if(!e)return JSON.stringify(this);for(let o of this.items)if(!ht.isPair(o))throw new Error(`Map items must all be pairs;\
 found ${JSON.stringify(o)} instead`);return!e.allNullValues&&this.hasAllNullValues(!1)&&(e=Object.assign({},e,{allNullValues:!0})),
nA.stringifyCollection(this,e,{blockItemPrefix:"",flowChars:{start:"{",end:"}"},itemIndent:e.indent||"",onChompKeep:r,onComment:n})}};
va.YAMLMap=xa;va.findPair=cr});var an=O(op=>{"use strict";l();var sA=U(),rp=mt(),aA={collection:"map",default:!0,nodeClass:rp.YAMLMap,tag:"tag:yaml.org\
,2002:map",resolve(t,e){return sA.isMap(t)||e("Expected a mapping for this tag"),t},createNode:(t,e,n)=>rp.YAMLMap.from(
t,e,n)};op.map=aA});var yt=O(ip=>{"use strict";l();var cA=tr(),lA=Oa(),uA=Vo(),fi=U(),fA=ne(),dA=lt(),Ra=class extends uA.Collection{static get tagName(){
return"tag:yaml.org,2002:seq"}constructor(e){super(fi.SEQ,e),this.items=[]}add(e){this.items.push(e)}delete(e){let n=ui(
e);return typeof n!="number"?!1:this.items.splice(n,1).length>0}get(e,n){let r=ui(e);if(typeof r!="number")return;let o=this.
items[r];return!n&&fi.isScalar(o)?o.value:o}has(e){let n=ui(e);return typeof n=="number"&&n<this.items.length}set(e,n){let r=ui(
e);if(typeof r!="number")throw new Error(`Expected a valid index, not ${e}.`);let o=this.items[r];fi.isScalar(o)&&fA.isScalarValue(
n)?o.value=n:this.items[r]=n}toJSON(e,n){let r=[];n?.onCreate&&n.onCreate(r);let o=0;for(let i of this.items)r.push(dA.toJS(
i,String(o++),n));return r}toString(e,n,r){return e?lA.stringifyCollection(this,e,{blockItemPrefix:"- ",flowChars:{start:"\
[",end:"]"},itemIndent:(e.indent||"")+"  ",onChompKeep:r,onComment:n}):JSON.stringify(this)}static from(e,n,r){let{replacer:o}=r,
i=new this(e);if(n&&Symbol.iterator in Object(n)){let s=0;for(let a of n){if(typeof o=="function"){let c=n instanceof Set?
a:String(s++);a=o.call(n,c,a)}i.items.push(cA.createNode(a,void 0,r))}}return i}};function ui(t){let e=fi.isScalar(t)?t.
value:t;return e&&typeof e=="string"&&(e=Number(e)),typeof e=="number"&&Number.isInteger(e)&&e>=0?e:null}ip.YAMLSeq=Ra});var cn=O(ap=>{"use strict";l();var pA=U(),sp=yt(),hA={collection:"seq",default:!0,nodeClass:sp.YAMLSeq,tag:"tag:yaml.org\
,2002:seq",resolve(t,e){return pA.isSeq(t)||e("Expected a sequence for this tag"),t},createNode:(t,e,n)=>sp.YAMLSeq.from(
t,e,n)};ap.seq=hA});var lr=O(cp=>{"use strict";l();var mA=ir(),yA={identify:t=>typeof t=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:t=>t,
stringify(t,e,n,r){return e=Object.assign({actualString:!0},e),mA.stringifyString(t,e,n,r)}};cp.string=yA});var di=O(fp=>{"use strict";l();var lp=ne(),up={identify:t=>t==null,createNode:()=>new lp.Scalar(null),default:!0,tag:"ta\
g:yaml.org,2002:null",test:/^(?:~|[Nn]ull|NULL)?$/,resolve:()=>new lp.Scalar(null),stringify:({source:t},e)=>typeof t=="\
string"&&up.test.test(t)?t:e.options.nullStr};fp.nullTag=up});var Ca=O(pp=>{"use strict";l();var gA=ne(),dp={identify:t=>typeof t=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
resolve:t=>new gA.Scalar(t[0]==="t"||t[0]==="T"),stringify({source:t,value:e},n){if(t&&dp.test.test(t)){let r=t[0]==="t"||
t[0]==="T";if(e===r)return t}return e?n.options.trueStr:n.options.falseStr}};pp.boolTag=dp});var ln=O(hp=>{"use strict";l();function wA({format:t,minFractionDigits:e,tag:n,value:r}){if(typeof r=="bigint")return String(
r);let o=typeof r=="number"?r:Number(r);if(!isFinite(o))return isNaN(o)?".nan":o<0?"-.inf":".inf";let i=Object.is(r,-0)?
"-0":JSON.stringify(r);if(!t&&e&&(!n||n==="tag:yaml.org,2002:float")&&/^-?\d/.test(i)&&!i.includes("e")){let s=i.indexOf(
".");s<0&&(s=i.length,i+=".");let a=e-(i.length-s-1);for(;a-- >0;)i+="0"}return i}hp.stringifyNumber=wA});var Na=O(pi=>{"use strict";l();var bA=ne(),Ia=ln(),SA={identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:\
float",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:t=>t.slice(-3).toLowerCase()==="nan"?NaN:t[0]==="-"?
Number.NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:Ia.stringifyNumber},kA={identify:t=>typeof t=="number",default:!0,
tag:"tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,resolve:t=>parseFloat(
t),stringify(t){let e=Number(t.value);return isFinite(e)?e.toExponential():Ia.stringifyNumber(t)}},EA={identify:t=>typeof t==
"number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,resolve(t){let e=new bA.Scalar(
parseFloat(t)),n=t.indexOf(".");return n!==-1&&t[t.length-1]==="0"&&(e.minFractionDigits=t.length-n-1),e},stringify:Ia.stringifyNumber};
pi.float=EA;pi.floatExp=kA;pi.floatNaN=SA});var $a=O(mi=>{"use strict";l();var mp=ln(),hi=t=>typeof t=="bigint"||Number.isInteger(t),Pa=(t,e,n,{intAsBigInt:r})=>r?BigInt(
t):parseInt(t.substring(e),n);function yp(t,e,n){let{value:r}=t;return hi(r)&&r>=0?n+r.toString(e):mp.stringifyNumber(t)}
var AA={identify:t=>hi(t)&&t>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^0o[0-7]+$/,resolve:(t,e,n)=>Pa(
t,2,8,n),stringify:t=>yp(t,8,"0o")},TA={identify:hi,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9]+$/,resolve:(t,e,n)=>Pa(
t,0,10,n),stringify:mp.stringifyNumber},_A={identify:t=>hi(t)&&t>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"HEX",
test:/^0x[0-9a-fA-F]+$/,resolve:(t,e,n)=>Pa(t,2,16,n),stringify:t=>yp(t,16,"0x")};mi.int=TA;mi.intHex=_A;mi.intOct=AA});var wp=O(gp=>{"use strict";l();var OA=an(),xA=di(),vA=cn(),RA=lr(),CA=Ca(),La=Na(),Ma=$a(),IA=[OA.map,vA.seq,RA.string,xA.
nullTag,CA.boolTag,Ma.intOct,Ma.int,Ma.intHex,La.floatNaN,La.floatExp,La.float];gp.schema=IA});var kp=O(Sp=>{"use strict";l();var NA=ne(),PA=an(),$A=cn();function bp(t){return typeof t=="bigint"||Number.isInteger(t)}
var yi=({value:t})=>JSON.stringify(t),LA=[{identify:t=>typeof t=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:t=>t,
stringify:yi},{identify:t=>t==null,createNode:()=>new NA.Scalar(null),default:!0,tag:"tag:yaml.org,2002:null",test:/^null$/,
resolve:()=>null,stringify:yi},{identify:t=>typeof t=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^true$|^false$/,
resolve:t=>t==="true",stringify:yi},{identify:bp,default:!0,tag:"tag:yaml.org,2002:int",test:/^-?(?:0|[1-9][0-9]*)$/,resolve:(t,e,{
intAsBigInt:n})=>n?BigInt(t):parseInt(t,10),stringify:({value:t})=>bp(t)?t.toString():JSON.stringify(t)},{identify:t=>typeof t==
"number",default:!0,tag:"tag:yaml.org,2002:float",test:/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,resolve:t=>parseFloat(
t),stringify:yi}],MA={default:!0,tag:"",test:/^/,resolve(t,e){return e(`Unresolved plain scalar ${JSON.stringify(t)}`),t}},
jA=[PA.map,$A.seq].concat(LA,MA);Sp.schema=jA});var Da=O(Ep=>{"use strict";l();var ur=require("buffer"),ja=ne(),DA=ir(),qA={identify:t=>t instanceof Uint8Array,default:!1,
tag:"tag:yaml.org,2002:binary",resolve(t,e){if(typeof ur.Buffer=="function")return ur.Buffer.from(t,"base64");if(typeof atob==
"function"){let n=atob(t.replace(/[\n\r]/g,"")),r=new Uint8Array(n.length);for(let o=0;o<n.length;++o)r[o]=n.charCodeAt(
o);return r}else return e("This environment does not support reading binary tags; either Buffer or atob is required"),t},
stringify({comment:t,type:e,value:n},r,o,i){if(!n)return"";let s=n,a;if(typeof ur.Buffer=="function")a=s instanceof ur.Buffer?
s.toString("base64"):ur.Buffer.from(s.buffer).toString("base64");else if(typeof btoa=="function"){let c="";for(let u=0;u<
s.length;++u)c+=String.fromCharCode(s[u]);a=btoa(c)}else throw new Error("This environment does not support writing bina\
ry tags; either Buffer or btoa is required");if(e??(e=ja.Scalar.BLOCK_LITERAL),e!==ja.Scalar.QUOTE_DOUBLE){let c=Math.max(
r.options.lineWidth-r.indent.length,r.options.minContentWidth),u=Math.ceil(a.length/c),d=new Array(u);for(let f=0,p=0;f<
u;++f,p+=c)d[f]=a.substr(p,c);a=d.join(e===ja.Scalar.BLOCK_LITERAL?`
`:" ")}return DA.stringifyString({comment:t,type:e,value:a},r,o,i)}};Ep.binary=qA});var bi=O(wi=>{"use strict";l();var gi=U(),qa=pt(),UA=ne(),FA=yt();function Ap(t,e){if(gi.isSeq(t))for(let n=0;n<t.items.
length;++n){let r=t.items[n];if(!gi.isPair(r)){if(gi.isMap(r)){r.items.length>1&&e("Each pair must have its own sequence\
 indicator");let o=r.items[0]||new qa.Pair(new UA.Scalar(null));if(r.commentBefore&&(o.key.commentBefore=o.key.commentBefore?
`${r.commentBefore}
${o.key.commentBefore}`:r.commentBefore),r.comment){let i=o.value??o.key;i.comment=i.comment?`${r.comment}
${i.comment}`:r.comment}r=o}t.items[n]=gi.isPair(r)?r:new qa.Pair(r)}}else e("Expected a sequence for this tag");return t}
function Tp(t,e,n){let{replacer:r}=n,o=new FA.YAMLSeq(t);o.tag="tag:yaml.org,2002:pairs";let i=0;if(e&&Symbol.iterator in
Object(e))for(let s of e){typeof r=="function"&&(s=r.call(e,String(i++),s));let a,c;if(Array.isArray(s))if(s.length===2)
a=s[0],c=s[1];else throw new TypeError(`Expected [key, value] tuple: ${s}`);else if(s&&s instanceof Object){let u=Object.
keys(s);if(u.length===1)a=u[0],c=s[a];else throw new TypeError(`Expected tuple with one key, not ${u.length} keys`)}else
a=s;o.items.push(qa.createPair(a,c,n))}return o}var BA={collection:"seq",default:!1,tag:"tag:yaml.org,2002:pairs",resolve:Ap,
createNode:Tp};wi.createPairs=Tp;wi.pairs=BA;wi.resolvePairs=Ap});var Ba=O(Fa=>{"use strict";l();var _p=U(),Ua=lt(),fr=mt(),KA=yt(),Op=bi(),It=class t extends KA.YAMLSeq{constructor(){super(),
this.add=fr.YAMLMap.prototype.add.bind(this),this.delete=fr.YAMLMap.prototype.delete.bind(this),this.get=fr.YAMLMap.prototype.
get.bind(this),this.has=fr.YAMLMap.prototype.has.bind(this),this.set=fr.YAMLMap.prototype.set.bind(this),this.tag=t.tag}toJSON(e,n){
if(!n)return super.toJSON(e);let r=new Map;n?.onCreate&&n.onCreate(r);for(let o of this.items){let i,s;if(_p.isPair(o)?(i=
Ua.toJS(o.key,"",n),s=Ua.toJS(o.value,i,n)):i=Ua.toJS(o,"",n),r.has(i))throw new Error("Ordered maps must not include du\
plicate keys");r.set(i,s)}return r}static from(e,n,r){let o=Op.createPairs(e,n,r),i=new this;return i.items=o.items,i}};
It.tag="tag:yaml.org,2002:omap";var HA={collection:"seq",identify:t=>t instanceof Map,nodeClass:It,default:!1,tag:"tag:y\
aml.org,2002:omap",resolve(t,e){let n=Op.resolvePairs(t,e),r=[];for(let{key:o}of n.items)_p.isScalar(o)&&(r.includes(o.value)?
e(`Ordered maps must not include duplicate keys: ${o.value}`):r.push(o.value));return Object.assign(new It,n)},createNode:(t,e,n)=>It.
from(t,e,n)};Fa.YAMLOMap=It;Fa.omap=HA});var Ip=O(Ka=>{"use strict";l();var xp=ne();function vp({value:t,source:e},n){return e&&(t?Rp:Cp).test.test(e)?e:t?n.options.
trueStr:n.options.falseStr}var Rp={identify:t=>t===!0,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
resolve:()=>new xp.Scalar(!0),stringify:vp},Cp={identify:t=>t===!1,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
resolve:()=>new xp.Scalar(!1),stringify:vp};Ka.falseTag=Cp;Ka.trueTag=Rp});var Np=O(Si=>{"use strict";l();var GA=ne(),Ha=ln(),YA={identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:\
float",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:t=>t.slice(-3).toLowerCase()==="nan"?NaN:t[0]==="-"?
Number.NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:Ha.stringifyNumber},WA={identify:t=>typeof t=="number",default:!0,
tag:"tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,resolve:t=>parseFloat(
t.replace(/_/g,"")),stringify(t){let e=Number(t.value);return isFinite(e)?e.toExponential():Ha.stringifyNumber(t)}},VA={
identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,resolve(t){
let e=new GA.Scalar(parseFloat(t.replace(/_/g,""))),n=t.indexOf(".");if(n!==-1){let r=t.substring(n+1).replace(/_/g,"");
r[r.length-1]==="0"&&(e.minFractionDigits=r.length)}return e},stringify:Ha.stringifyNumber};Si.float=VA;Si.floatExp=WA;Si.
floatNaN=YA});var $p=O(pr=>{"use strict";l();var Pp=ln(),dr=t=>typeof t=="bigint"||Number.isInteger(t);function ki(t,e,n,{intAsBigInt:r}){
let o=t[0];if((o==="-"||o==="+")&&(e+=1),t=t.substring(e).replace(/_/g,""),r){switch(n){case 2:t=`0b${t}`;break;case 8:t=
`0o${t}`;break;case 16:t=`0x${t}`;break}let s=BigInt(t);return o==="-"?BigInt(-1)*s:s}let i=parseInt(t,n);return o==="-"?
-1*i:i}function Ga(t,e,n){let{value:r}=t;if(dr(r)){let o=r.toString(e);return r<0?"-"+n+o.substr(1):n+o}return Pp.stringifyNumber(
t)}var JA={identify:dr,default:!0,tag:"tag:yaml.org,2002:int",format:"BIN",test:/^[-+]?0b[0-1_]+$/,resolve:(t,e,n)=>ki(t,
2,2,n),stringify:t=>Ga(t,2,"0b")},zA={identify:dr,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^[-+]?0[0-7_]+$/,
resolve:(t,e,n)=>ki(t,1,8,n),stringify:t=>Ga(t,8,"0")},XA={identify:dr,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9][0-9_]*$/,
resolve:(t,e,n)=>ki(t,0,10,n),stringify:Pp.stringifyNumber},QA={identify:dr,default:!0,tag:"tag:yaml.org,2002:int",format:"\
HEX",test:/^[-+]?0x[0-9a-fA-F_]+$/,resolve:(t,e,n)=>ki(t,2,16,n),stringify:t=>Ga(t,16,"0x")};pr.int=XA;pr.intBin=JA;pr.intHex=
QA;pr.intOct=zA});var Wa=O(Ya=>{"use strict";l();var Ti=U(),Ei=pt(),Ai=mt(),Nt=class t extends Ai.YAMLMap{constructor(e){super(e),this.tag=
t.tag}add(e){let n;Ti.isPair(e)?n=e:e&&typeof e=="object"&&"key"in e&&"value"in e&&e.value===null?n=new Ei.Pair(e.key,null):
n=new Ei.Pair(e,null),Ai.findPair(this.items,n.key)||this.items.push(n)}get(e,n){let r=Ai.findPair(this.items,e);return!n&&
Ti.isPair(r)?Ti.isScalar(r.key)?r.key.value:r.key:r}set(e,n){if(typeof n!="boolean")throw new Error(`Expected boolean va\
lue for set(key, value) in a YAML set, not ${typeof n}`);let r=Ai.findPair(this.items,e);r&&!n?this.items.splice(this.items.
indexOf(r),1):!r&&n&&this.items.push(new Ei.Pair(e))}toJSON(e,n){return super.toJSON(e,n,Set)}toString(e,n,r){if(!e)return JSON.
stringify(this);if(this.hasAllNullValues(!0))return super.toString(Object.assign({},e,{allNullValues:!0}),n,r);throw new Error(
"Set items must all have null values")}static from(e,n,r){let{replacer:o}=r,i=new this(e);if(n&&Symbol.iterator in Object(
n))for(let s of n)typeof o=="function"&&(s=o.call(n,s,s)),i.items.push(Ei.createPair(s,null,r));return i}};Nt.tag="tag:y\
aml.org,2002:set";var ZA={collection:"map",identify:t=>t instanceof Set,nodeClass:Nt,default:!1,tag:"tag:yaml.org,2002:s\
et",createNode:(t,e,n)=>Nt.from(t,e,n),resolve(t,e){if(Ti.isMap(t)){if(t.hasAllNullValues(!0))return Object.assign(new Nt,
t);e("Set items must all have null values")}else e("Expected a mapping for this tag");return t}};Ya.YAMLSet=Nt;Ya.set=ZA});var Ja=O(_i=>{"use strict";l();var eT=ln();function Va(t,e){let n=t[0],r=n==="-"||n==="+"?t.substring(1):t,o=s=>e?BigInt(
s):Number(s),i=r.replace(/_/g,"").split(":").reduce((s,a)=>s*o(60)+o(a),o(0));return n==="-"?o(-1)*i:i}function Lp(t){let{
value:e}=t,n=s=>s;if(typeof e=="bigint")n=s=>BigInt(s);else if(isNaN(e)||!isFinite(e))return eT.stringifyNumber(t);let r="";
e<0&&(r="-",e*=n(-1));let o=n(60),i=[e%o];return e<60?i.unshift(0):(e=(e-i[0])/o,i.unshift(e%o),e>=60&&(e=(e-i[0])/o,i.unshift(
e))),r+i.map(s=>String(s).padStart(2,"0")).join(":").replace(/000000\d*$/,"")}var tT={identify:t=>typeof t=="bigint"||Number.
isInteger(t),default:!0,tag:"tag:yaml.org,2002:int",format:"TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,resolve:(t,e,{
intAsBigInt:n})=>Va(t,n),stringify:Lp},nT={identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:float",format:"\
TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,resolve:t=>Va(t,!1),stringify:Lp},Mp={identify:t=>t instanceof
Date,default:!0,tag:"tag:yaml.org,2002:timestamp",test:RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0\
-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),resolve(t){let e=t.match(
Mp.test);if(!e)throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");let[,n,r,o,i,s,a]=e.map(Number),c=e[7]?
Number((e[7]+"00").substr(1,3)):0,u=Date.UTC(n,r-1,o,i||0,s||0,a||0,c),d=e[8];if(d&&d!=="Z"){let f=Va(d,!1);Math.abs(f)<
30&&(f*=60),u-=6e4*f}return new Date(u)},stringify:({value:t})=>t?.toISOString().replace(/(T00:00:00)?\.000Z$/,"")??""};
_i.floatTime=nT;_i.intTime=tT;_i.timestamp=Mp});var qp=O(Dp=>{"use strict";l();var rT=an(),oT=di(),iT=cn(),sT=lr(),aT=Da(),jp=Ip(),za=Np(),Oi=$p(),cT=oi(),lT=Ba(),uT=bi(),
fT=Wa(),Xa=Ja(),dT=[rT.map,iT.seq,sT.string,oT.nullTag,jp.trueTag,jp.falseTag,Oi.intBin,Oi.intOct,Oi.int,Oi.intHex,za.floatNaN,
za.floatExp,za.float,aT.binary,cT.merge,lT.omap,uT.pairs,fT.set,Xa.intTime,Xa.floatTime,Xa.timestamp];Dp.schema=dT});var Jp=O(ec=>{"use strict";l();var Kp=an(),pT=di(),Hp=cn(),hT=lr(),mT=Ca(),Qa=Na(),Za=$a(),yT=wp(),gT=kp(),Gp=Da(),hr=oi(),
Yp=Ba(),Wp=bi(),Up=qp(),Vp=Wa(),xi=Ja(),Fp=new Map([["core",yT.schema],["failsafe",[Kp.map,Hp.seq,hT.string]],["json",gT.
schema],["yaml11",Up.schema],["yaml-1.1",Up.schema]]),Bp={binary:Gp.binary,bool:mT.boolTag,float:Qa.float,floatExp:Qa.floatExp,
floatNaN:Qa.floatNaN,floatTime:xi.floatTime,int:Za.int,intHex:Za.intHex,intOct:Za.intOct,intTime:xi.intTime,map:Kp.map,merge:hr.
merge,null:pT.nullTag,omap:Yp.omap,pairs:Wp.pairs,seq:Hp.seq,set:Vp.set,timestamp:xi.timestamp},wT={"tag:yaml.org,2002:b\
inary":Gp.binary,"tag:yaml.org,2002:merge":hr.merge,"tag:yaml.org,2002:omap":Yp.omap,"tag:yaml.org,2002:pairs":Wp.pairs,
"tag:yaml.org,2002:set":Vp.set,"tag:yaml.org,2002:timestamp":xi.timestamp};function bT(t,e,n){let r=Fp.get(e);if(r&&!t)return n&&
!r.includes(hr.merge)?r.concat(hr.merge):r.slice();let o=r;if(!o)if(Array.isArray(t))o=[];else{let i=Array.from(Fp.keys()).
filter(s=>s!=="yaml11").map(s=>JSON.stringify(s)).join(", ");throw new Error(`Unknown schema "${e}"; use one of ${i} or \
define customTags array`)}if(Array.isArray(t))for(let i of t)o=o.concat(i);else typeof t=="function"&&(o=t(o.slice()));return n&&
(o=o.concat(hr.merge)),o.reduce((i,s)=>{let a=typeof s=="string"?Bp[s]:s;if(!a){let c=JSON.stringify(s),u=Object.keys(Bp).
map(d=>JSON.stringify(d)).join(", ");throw new Error(`Unknown custom tag ${c}; use one of ${u}`)}return i.includes(a)||i.
push(a),i},[])}ec.coreKnownTags=wT;ec.getTags=bT});var rc=O(zp=>{"use strict";l();var tc=U(),ST=an(),kT=cn(),ET=lr(),vi=Jp(),AT=(t,e)=>t.key<e.key?-1:t.key>e.key?1:0,nc=class t{constructor({
compat:e,customTags:n,merge:r,resolveKnownTags:o,schema:i,sortMapEntries:s,toStringDefaults:a}){this.compat=Array.isArray(
e)?vi.getTags(e,"compat"):e?vi.getTags(null,e):null,this.name=typeof i=="string"&&i||"core",this.knownTags=o?vi.coreKnownTags:
{},this.tags=vi.getTags(n,this.name,r),this.toStringOptions=a??null,Object.defineProperty(this,tc.MAP,{value:ST.map}),Object.
defineProperty(this,tc.SCALAR,{value:ET.string}),Object.defineProperty(this,tc.SEQ,{value:kT.seq}),this.sortMapEntries=typeof s==
"function"?s:s===!0?AT:null}clone(){let e=Object.create(t.prototype,Object.getOwnPropertyDescriptors(this));return e.tags=
this.tags.slice(),e}};zp.Schema=nc});var Qp=O(Xp=>{"use strict";l();var TT=U(),oc=sr(),mr=nr();function _T(t,e){let n=[],r=e.directives===!0;if(e.directives!==
!1&&t.directives){let c=t.directives.toString(t);c?(n.push(c),r=!0):t.directives.docStart&&(r=!0)}r&&n.push("---");let o=oc.
createStringifyContext(t,e),{commentString:i}=o.options;if(t.commentBefore){n.length!==1&&n.unshift("");let c=i(t.commentBefore);
n.unshift(mr.indentComment(c,""))}let s=!1,a=null;if(t.contents){if(TT.isNode(t.contents)){if(t.contents.spaceBefore&&r&&
n.push(""),t.contents.commentBefore){let d=i(t.contents.commentBefore);n.push(mr.indentComment(d,""))}o.forceBlockIndent=
!!t.comment,a=t.contents.comment}let c=a?void 0:()=>s=!0,u=oc.stringify(t.contents,o,()=>a=null,c);a&&(u+=mr.lineComment(
u,"",i(a))),(u[0]==="|"||u[0]===">")&&n[n.length-1]==="---"?n[n.length-1]=`--- ${u}`:n.push(u)}else n.push(oc.stringify(
t.contents,o));if(t.directives?.docEnd)if(t.comment){let c=i(t.comment);c.includes(`
`)?(n.push("..."),n.push(mr.indentComment(c,""))):n.push(`... ${c}`)}else n.push("...");else{let c=t.comment;c&&s&&(c=c.
replace(/^\n+/,"")),c&&((!s||a)&&n[n.length-1]!==""&&n.push(""),n.push(mr.indentComment(i(c),"")))}return n.join(`
`)+`
`}Xp.stringifyDocument=_T});var yr=O(Zp=>{"use strict";l();var OT=er(),un=Vo(),_e=U(),xT=pt(),vT=lt(),RT=rc(),CT=Qp(),ic=Ho(),IT=la(),NT=tr(),sc=ca(),
ac=class t{constructor(e,n,r){this.commentBefore=null,this.comment=null,this.errors=[],this.warnings=[],Object.defineProperty(
this,_e.NODE_TYPE,{value:_e.DOC});let o=null;typeof n=="function"||Array.isArray(n)?o=n:r===void 0&&n&&(r=n,n=void 0);let i=Object.
assign({intAsBigInt:!1,keepSourceTokens:!1,logLevel:"warn",prettyErrors:!0,strict:!0,stringKeys:!1,uniqueKeys:!0,version:"\
1.2"},r);this.options=i;let{version:s}=i;r?._directives?(this.directives=r._directives.atDocument(),this.directives.yaml.
explicit&&(s=this.directives.yaml.version)):this.directives=new sc.Directives({version:s}),this.setSchema(s,r),this.contents=
e===void 0?null:this.createNode(e,o,r)}clone(){let e=Object.create(t.prototype,{[_e.NODE_TYPE]:{value:_e.DOC}});return e.
commentBefore=this.commentBefore,e.comment=this.comment,e.errors=this.errors.slice(),e.warnings=this.warnings.slice(),e.
options=Object.assign({},this.options),this.directives&&(e.directives=this.directives.clone()),e.schema=this.schema.clone(),
e.contents=_e.isNode(this.contents)?this.contents.clone(e.schema):this.contents,this.range&&(e.range=this.range.slice()),
e}add(e){fn(this.contents)&&this.contents.add(e)}addIn(e,n){fn(this.contents)&&this.contents.addIn(e,n)}createAlias(e,n){
if(!e.anchor){let r=ic.anchorNames(this);e.anchor=!n||r.has(n)?ic.findNewAnchor(n||"a",r):n}return new OT.Alias(e.anchor)}createNode(e,n,r){
let o;if(typeof n=="function")e=n.call({"":e},"",e),o=n;else if(Array.isArray(n)){let w=E=>typeof E=="number"||E instanceof
String||E instanceof Number,S=n.filter(w).map(String);S.length>0&&(n=n.concat(S)),o=n}else r===void 0&&n&&(r=n,n=void 0);
let{aliasDuplicateObjects:i,anchorPrefix:s,flow:a,keepUndefined:c,onTagObj:u,tag:d}=r??{},{onAnchor:f,setAnchors:p,sourceObjects:g}=ic.
createNodeAnchors(this,s||"a"),k={aliasDuplicateObjects:i??!0,keepUndefined:c??!1,onAnchor:f,onTagObj:u,replacer:o,schema:this.
schema,sourceObjects:g},y=NT.createNode(e,d,k);return a&&_e.isCollection(y)&&(y.flow=!0),p(),y}createPair(e,n,r={}){let o=this.
createNode(e,null,r),i=this.createNode(n,null,r);return new xT.Pair(o,i)}delete(e){return fn(this.contents)?this.contents.
delete(e):!1}deleteIn(e){return un.isEmptyPath(e)?this.contents==null?!1:(this.contents=null,!0):fn(this.contents)?this.
contents.deleteIn(e):!1}get(e,n){return _e.isCollection(this.contents)?this.contents.get(e,n):void 0}getIn(e,n){return un.
isEmptyPath(e)?!n&&_e.isScalar(this.contents)?this.contents.value:this.contents:_e.isCollection(this.contents)?this.contents.
getIn(e,n):void 0}has(e){return _e.isCollection(this.contents)?this.contents.has(e):!1}hasIn(e){return un.isEmptyPath(e)?
this.contents!==void 0:_e.isCollection(this.contents)?this.contents.hasIn(e):!1}set(e,n){this.contents==null?this.contents=
un.collectionFromPath(this.schema,[e],n):fn(this.contents)&&this.contents.set(e,n)}setIn(e,n){un.isEmptyPath(e)?this.contents=
n:this.contents==null?this.contents=un.collectionFromPath(this.schema,Array.from(e),n):fn(this.contents)&&this.contents.
setIn(e,n)}setSchema(e,n={}){typeof e=="number"&&(e=String(e));let r;switch(e){case"1.1":this.directives?this.directives.
yaml.version="1.1":this.directives=new sc.Directives({version:"1.1"}),r={resolveKnownTags:!1,schema:"yaml-1.1"};break;case"\
1.2":case"next":this.directives?this.directives.yaml.version=e:this.directives=new sc.Directives({version:e}),r={resolveKnownTags:!0,
schema:"core"};break;case null:this.directives&&delete this.directives,r=null;break;default:{let o=JSON.stringify(e);throw new Error(
`Expected '1.1', '1.2' or null as first argument, but found: ${o}`)}}if(n.schema instanceof Object)this.schema=n.schema;else if(r)
this.schema=new RT.Schema(Object.assign(r,n));else throw new Error("With a null YAML version, the { schema: Schema } opt\
ion is required")}toJS({json:e,jsonArg:n,mapAsMap:r,maxAliasCount:o,onAnchor:i,reviver:s}={}){let a={anchors:new Map,doc:this,
keep:!e,mapAsMap:r===!0,mapKeyWarned:!1,maxAliasCount:typeof o=="number"?o:100},c=vT.toJS(this.contents,n??"",a);if(typeof i==
"function")for(let{count:u,res:d}of a.anchors.values())i(d,u);return typeof s=="function"?IT.applyReviver(s,{"":c},"",c):
c}toJSON(e,n){return this.toJS({json:!0,jsonArg:e,mapAsMap:!1,onAnchor:n})}toString(e={}){if(this.errors.length>0)throw new Error(
"Document with errors cannot be stringified");if("indent"in e&&(!Number.isInteger(e.indent)||Number(e.indent)<=0)){let n=JSON.
stringify(e.indent);throw new Error(`"indent" option must be a positive integer, not ${n}`)}return CT.stringifyDocument(
this,e)}};function fn(t){if(_e.isCollection(t))return!0;throw new Error("Expected a YAML collection as document contents")}
Zp.Document=ac});var br=O(wr=>{"use strict";l();var gr=class extends Error{constructor(e,n,r,o){super(),this.name=e,this.code=r,this.message=
o,this.pos=n}},cc=class extends gr{constructor(e,n,r){super("YAMLParseError",e,n,r)}},lc=class extends gr{constructor(e,n,r){
super("YAMLWarning",e,n,r)}},PT=(t,e)=>n=>{if(n.pos[0]===-1)return;n.linePos=n.pos.map(a=>e.linePos(a));let{line:r,col:o}=n.
linePos[0];n.message+=` at line ${r}, column ${o}`;let i=o-1,s=t.substring(e.lineStarts[r-1],e.lineStarts[r]).replace(/[\n\r]+$/,
"");if(i>=60&&s.length>80){let a=Math.min(i-39,s.length-79);s="\u2026"+s.substring(a),i-=a-1}if(s.length>80&&(s=s.substring(
0,79)+"\u2026"),r>1&&/^ *$/.test(s.substring(0,i))){let a=t.substring(e.lineStarts[r-2],e.lineStarts[r-1]);a.length>80&&
(a=a.substring(0,79)+`\u2026
`),s=a+s}if(/[^ ]/.test(s)){let a=1,c=n.linePos[1];c?.line===r&&c.col>o&&(a=Math.max(1,Math.min(c.col-o,80-i)));let u=" ".
repeat(i)+"^".repeat(a);n.message+=`:

${s}
${u}
`}};wr.YAMLError=gr;wr.YAMLParseError=cc;wr.YAMLWarning=lc;wr.prettifyError=PT});var Sr=O(eh=>{"use strict";l();function $T(t,{flow:e,indicator:n,next:r,offset:o,onError:i,parentIndent:s,startOnNewline:a}){
let c=!1,u=a,d=a,f="",p="",g=!1,k=!1,y=null,w=null,S=null,E=null,_=null,x=null,N=null;for(let C of t)switch(k&&(C.type!==
"space"&&C.type!=="newline"&&C.type!=="comma"&&i(C.offset,"MISSING_CHAR","Tags and anchors must be separated from the ne\
xt token by white space"),k=!1),y&&(u&&C.type!=="comment"&&C.type!=="newline"&&i(y,"TAB_AS_INDENT","Tabs are not allowed\
 as indentation"),y=null),C.type){case"space":!e&&(n!=="doc-start"||r?.type!=="flow-collection")&&C.source.includes("	")&&
(y=C),d=!0;break;case"comment":{d||i(C,"MISSING_CHAR","Comments must be separated from other tokens by white space chara\
cters");let Q=C.source.substring(1)||" ";f?f+=p+Q:f=Q,p="",u=!1;break}case"newline":u?f?f+=C.source:(!x||n!=="seq-item-i\
nd")&&(c=!0):p+=C.source,u=!0,g=!0,(w||S)&&(E=C),d=!0;break;case"anchor":w&&i(C,"MULTIPLE_ANCHORS","A node can have at m\
ost one anchor"),C.source.endsWith(":")&&i(C.offset+C.source.length-1,"BAD_ALIAS","Anchor ending in : is ambiguous",!0),
w=C,N??(N=C.offset),u=!1,d=!1,k=!0;break;case"tag":{S&&i(C,"MULTIPLE_TAGS","A node can have at most one tag"),S=C,N??(N=
C.offset),u=!1,d=!1,k=!0;break}case n:(w||S)&&i(C,"BAD_PROP_ORDER",`Anchors and tags must be after the ${C.source} indic\
ator`),x&&i(C,"UNEXPECTED_TOKEN",`Unexpected ${C.source} in ${e??"collection"}`),x=C,u=n==="seq-item-ind"||n==="explicit\
-key-ind",d=!1;break;case"comma":if(e){_&&i(C,"UNEXPECTED_TOKEN",`Unexpected , in ${e}`),_=C,u=!1,d=!1;break}default:i(C,
"UNEXPECTED_TOKEN",`Unexpected ${C.type} token`),u=!1,d=!1}let L=t[t.length-1],Y=L?L.offset+L.source.length:o;return k&&
r&&r.type!=="space"&&r.type!=="newline"&&r.type!=="comma"&&(r.type!=="scalar"||r.source!=="")&&i(r.offset,"MISSING_CHAR",
"Tags and anchors must be separated from the next token by white space"),y&&(u&&y.indent<=s||r?.type==="block-map"||r?.type===
"block-seq")&&i(y,"TAB_AS_INDENT","Tabs are not allowed as indentation"),{comma:_,found:x,spaceBefore:c,comment:f,hasNewline:g,
anchor:w,tag:S,newlineAfterProp:E,end:Y,start:N??Y}}eh.resolveProps=$T});var Ri=O(th=>{"use strict";l();function uc(t){if(!t)return null;switch(t.type){case"alias":case"scalar":case"double-quot\
ed-scalar":case"single-quoted-scalar":if(t.source.includes(`
`))return!0;if(t.end){for(let e of t.end)if(e.type==="newline")return!0}return!1;case"flow-collection":for(let e of t.items){
for(let n of e.start)if(n.type==="newline")return!0;if(e.sep){for(let n of e.sep)if(n.type==="newline")return!0}if(uc(e.
key)||uc(e.value))return!0}return!1;default:return!0}}th.containsNewline=uc});var fc=O(nh=>{"use strict";l();var LT=Ri();function MT(t,e,n){if(e?.type==="flow-collection"){let r=e.end[0];r.indent===
t&&(r.source==="]"||r.source==="}")&&LT.containsNewline(e)&&n(r,"BAD_INDENT","Flow end indicator should be more indented\
 than parent",!0)}}nh.flowIndentCheck=MT});var dc=O(oh=>{"use strict";l();var rh=U();function jT(t,e,n){let{uniqueKeys:r}=t.options;if(r===!1)return!1;let o=typeof r==
"function"?r:(i,s)=>i===s||rh.isScalar(i)&&rh.isScalar(s)&&i.value===s.value;return e.some(i=>o(i.key,n))}oh.mapIncludes=
jT});var uh=O(lh=>{"use strict";l();var ih=pt(),DT=mt(),sh=Sr(),qT=Ri(),ah=fc(),UT=dc(),ch="All mapping items must start at t\
he same column";function FT({composeNode:t,composeEmptyNode:e},n,r,o,i){let s=i?.nodeClass??DT.YAMLMap,a=new s(n.schema);
n.atRoot&&(n.atRoot=!1);let c=r.offset,u=null;for(let d of r.items){let{start:f,key:p,sep:g,value:k}=d,y=sh.resolveProps(
f,{indicator:"explicit-key-ind",next:p??g?.[0],offset:c,onError:o,parentIndent:r.indent,startOnNewline:!0}),w=!y.found;if(w){
if(p&&(p.type==="block-seq"?o(c,"BLOCK_AS_IMPLICIT_KEY","A block sequence may not be used as an implicit map key"):"inde\
nt"in p&&p.indent!==r.indent&&o(c,"BAD_INDENT",ch)),!y.anchor&&!y.tag&&!g){u=y.end,y.comment&&(a.comment?a.comment+=`
`+y.comment:a.comment=y.comment);continue}(y.newlineAfterProp||qT.containsNewline(p))&&o(p??f[f.length-1],"MULTILINE_IMP\
LICIT_KEY","Implicit keys need to be on a single line")}else y.found?.indent!==r.indent&&o(c,"BAD_INDENT",ch);n.atKey=!0;
let S=y.end,E=p?t(n,p,y,o):e(n,S,f,null,y,o);n.schema.compat&&ah.flowIndentCheck(r.indent,p,o),n.atKey=!1,UT.mapIncludes(
n,a.items,E)&&o(S,"DUPLICATE_KEY","Map keys must be unique");let _=sh.resolveProps(g??[],{indicator:"map-value-ind",next:k,
offset:E.range[2],onError:o,parentIndent:r.indent,startOnNewline:!p||p.type==="block-scalar"});if(c=_.end,_.found){w&&(k?.
type==="block-map"&&!_.hasNewline&&o(c,"BLOCK_AS_IMPLICIT_KEY","Nested mappings are not allowed in compact mappings"),n.
options.strict&&y.start<_.found.offset-1024&&o(E.range,"KEY_OVER_1024_CHARS","The : indicator must be at most 1024 chars\
 after the start of an implicit block mapping key"));let x=k?t(n,k,_,o):e(n,c,g,null,_,o);n.schema.compat&&ah.flowIndentCheck(
r.indent,k,o),c=x.range[2];let N=new ih.Pair(E,x);n.options.keepSourceTokens&&(N.srcToken=d),a.items.push(N)}else{w&&o(E.
range,"MISSING_CHAR","Implicit map keys need to be followed by map values"),_.comment&&(E.comment?E.comment+=`
`+_.comment:E.comment=_.comment);let x=new ih.Pair(E);n.options.keepSourceTokens&&(x.srcToken=d),a.items.push(x)}}return u&&
u<c&&o(u,"IMPOSSIBLE","Map comment with trailing content"),a.range=[r.offset,c,u??c],a}lh.resolveBlockMap=FT});var dh=O(fh=>{"use strict";l();var BT=yt(),KT=Sr(),HT=fc();function GT({composeNode:t,composeEmptyNode:e},n,r,o,i){let s=i?.
nodeClass??BT.YAMLSeq,a=new s(n.schema);n.atRoot&&(n.atRoot=!1),n.atKey&&(n.atKey=!1);let c=r.offset,u=null;for(let{start:d,
value:f}of r.items){let p=KT.resolveProps(d,{indicator:"seq-item-ind",next:f,offset:c,onError:o,parentIndent:r.indent,startOnNewline:!0});
if(!p.found)if(p.anchor||p.tag||f)f?.type==="block-seq"?o(p.end,"BAD_INDENT","All sequence items must start at the same \
column"):o(c,"MISSING_CHAR","Sequence item without - indicator");else{u=p.end,p.comment&&(a.comment=p.comment);continue}
let g=f?t(n,f,p,o):e(n,p.end,d,null,p,o);n.schema.compat&&HT.flowIndentCheck(r.indent,f,o),c=g.range[2],a.items.push(g)}
return a.range=[r.offset,c,u??c],a}fh.resolveBlockSeq=GT});var dn=O(ph=>{"use strict";l();function YT(t,e,n,r){let o="";if(t){let i=!1,s="";for(let a of t){let{source:c,type:u}=a;
switch(u){case"space":i=!0;break;case"comment":{n&&!i&&r(a,"MISSING_CHAR","Comments must be separated from other tokens \
by white space characters");let d=c.substring(1)||" ";o?o+=s+d:o=d,s="";break}case"newline":o&&(s+=c),i=!0;break;default:
r(a,"UNEXPECTED_TOKEN",`Unexpected ${u} at node end`)}e+=c.length}}return{comment:o,offset:e}}ph.resolveEnd=YT});var gh=O(yh=>{"use strict";l();var WT=U(),VT=pt(),hh=mt(),JT=yt(),zT=dn(),mh=Sr(),XT=Ri(),QT=dc(),pc="Block collections \
are not allowed within flow collections",hc=t=>t&&(t.type==="block-map"||t.type==="block-seq");function ZT({composeNode:t,
composeEmptyNode:e},n,r,o,i){let s=r.start.source==="{",a=s?"flow map":"flow sequence",c=i?.nodeClass??(s?hh.YAMLMap:JT.
YAMLSeq),u=new c(n.schema);u.flow=!0;let d=n.atRoot;d&&(n.atRoot=!1),n.atKey&&(n.atKey=!1);let f=r.offset+r.start.source.
length;for(let w=0;w<r.items.length;++w){let S=r.items[w],{start:E,key:_,sep:x,value:N}=S,L=mh.resolveProps(E,{flow:a,indicator:"\
explicit-key-ind",next:_??x?.[0],offset:f,onError:o,parentIndent:r.indent,startOnNewline:!1});if(!L.found){if(!L.anchor&&
!L.tag&&!x&&!N){w===0&&L.comma?o(L.comma,"UNEXPECTED_TOKEN",`Unexpected , in ${a}`):w<r.items.length-1&&o(L.start,"UNEXP\
ECTED_TOKEN",`Unexpected empty item in ${a}`),L.comment&&(u.comment?u.comment+=`
`+L.comment:u.comment=L.comment),f=L.end;continue}!s&&n.options.strict&&XT.containsNewline(_)&&o(_,"MULTILINE_IMPLICIT_K\
EY","Implicit keys of flow sequence pairs need to be on a single line")}if(w===0)L.comma&&o(L.comma,"UNEXPECTED_TOKEN",`\
Unexpected , in ${a}`);else if(L.comma||o(L.start,"MISSING_CHAR",`Missing , between ${a} items`),L.comment){let Y="";e:for(let C of E)
switch(C.type){case"comma":case"space":break;case"comment":Y=C.source.substring(1);break e;default:break e}if(Y){let C=u.
items[u.items.length-1];WT.isPair(C)&&(C=C.value??C.key),C.comment?C.comment+=`
`+Y:C.comment=Y,L.comment=L.comment.substring(Y.length+1)}}if(!s&&!x&&!L.found){let Y=N?t(n,N,L,o):e(n,L.end,x,null,L,o);
u.items.push(Y),f=Y.range[2],hc(N)&&o(Y.range,"BLOCK_IN_FLOW",pc)}else{n.atKey=!0;let Y=L.end,C=_?t(n,_,L,o):e(n,Y,E,null,
L,o);hc(_)&&o(C.range,"BLOCK_IN_FLOW",pc),n.atKey=!1;let Q=mh.resolveProps(x??[],{flow:a,indicator:"map-value-ind",next:N,
offset:C.range[2],onError:o,parentIndent:r.indent,startOnNewline:!1});if(Q.found){if(!s&&!L.found&&n.options.strict){if(x)
for(let re of x){if(re===Q.found)break;if(re.type==="newline"){o(re,"MULTILINE_IMPLICIT_KEY","Implicit keys of flow sequ\
ence pairs need to be on a single line");break}}L.start<Q.found.offset-1024&&o(Q.found,"KEY_OVER_1024_CHARS","The : indi\
cator must be at most 1024 chars after the start of an implicit flow sequence key")}}else N&&("source"in N&&N.source?.[0]===
":"?o(N,"MISSING_CHAR",`Missing space after : in ${a}`):o(Q.start,"MISSING_CHAR",`Missing , or : between ${a} items`));let Qe=N?
t(n,N,Q,o):Q.found?e(n,Q.end,x,null,Q,o):null;Qe?hc(N)&&o(Qe.range,"BLOCK_IN_FLOW",pc):Q.comment&&(C.comment?C.comment+=
`
`+Q.comment:C.comment=Q.comment);let Ht=new VT.Pair(C,Qe);if(n.options.keepSourceTokens&&(Ht.srcToken=S),s){let re=u;QT.
mapIncludes(n,re.items,C)&&o(Y,"DUPLICATE_KEY","Map keys must be unique"),re.items.push(Ht)}else{let re=new hh.YAMLMap(n.
schema);re.flow=!0,re.items.push(Ht);let Nu=(Qe??C).range;re.range=[C.range[0],Nu[1],Nu[2]],u.items.push(re)}f=Qe?Qe.range[2]:
Q.end}}let p=s?"}":"]",[g,...k]=r.end,y=f;if(g?.source===p)y=g.offset+g.source.length;else{let w=a[0].toUpperCase()+a.substring(
1),S=d?`${w} must end with a ${p}`:`${w} in block collection must be sufficiently indented and end with a ${p}`;o(f,d?"M\
ISSING_CHAR":"BAD_INDENT",S),g&&g.source.length!==1&&k.unshift(g)}if(k.length>0){let w=zT.resolveEnd(k,y,n.options.strict,
o);w.comment&&(u.comment?u.comment+=`
`+w.comment:u.comment=w.comment),u.range=[r.offset,y,w.offset]}else u.range=[r.offset,y,y];return u}yh.resolveFlowCollection=
ZT});var bh=O(wh=>{"use strict";l();var e_=U(),t_=ne(),n_=mt(),r_=yt(),o_=uh(),i_=dh(),s_=gh();function mc(t,e,n,r,o,i){let s=n.
type==="block-map"?o_.resolveBlockMap(t,e,n,r,i):n.type==="block-seq"?i_.resolveBlockSeq(t,e,n,r,i):s_.resolveFlowCollection(
t,e,n,r,i),a=s.constructor;return o==="!"||o===a.tagName?(s.tag=a.tagName,s):(o&&(s.tag=o),s)}function a_(t,e,n,r,o){let i=r.
tag,s=i?e.directives.tagName(i.source,p=>o(i,"TAG_RESOLVE_FAILED",p)):null;if(n.type==="block-seq"){let{anchor:p,newlineAfterProp:g}=r,
k=p&&i?p.offset>i.offset?p:i:p??i;k&&(!g||g.offset<k.offset)&&o(k,"MISSING_CHAR","Missing newline after block sequence p\
rops")}let a=n.type==="block-map"?"map":n.type==="block-seq"?"seq":n.start.source==="{"?"map":"seq";if(!i||!s||s==="!"||
s===n_.YAMLMap.tagName&&a==="map"||s===r_.YAMLSeq.tagName&&a==="seq")return mc(t,e,n,o,s);let c=e.schema.tags.find(p=>p.
tag===s&&p.collection===a);if(!c){let p=e.schema.knownTags[s];if(p?.collection===a)e.schema.tags.push(Object.assign({},p,
{default:!1})),c=p;else return p?o(i,"BAD_COLLECTION_TYPE",`${p.tag} used for ${a} collection, but expects ${p.collection??
"scalar"}`,!0):o(i,"TAG_RESOLVE_FAILED",`Unresolved tag: ${s}`,!0),mc(t,e,n,o,s)}let u=mc(t,e,n,o,s,c),d=c.resolve?.(u,p=>o(
i,"TAG_RESOLVE_FAILED",p),e.options)??u,f=e_.isNode(d)?d:new t_.Scalar(d);return f.range=u.range,f.tag=s,c?.format&&(f.format=
c.format),f}wh.composeCollection=a_});var gc=O(Sh=>{"use strict";l();var yc=ne();function c_(t,e,n){let r=e.offset,o=l_(e,t.options.strict,n);if(!o)return{value:"",
type:null,comment:"",range:[r,r,r]};let i=o.mode===">"?yc.Scalar.BLOCK_FOLDED:yc.Scalar.BLOCK_LITERAL,s=e.source?u_(e.source):
[],a=s.length;for(let y=s.length-1;y>=0;--y){let w=s[y][1];if(w===""||w==="\r")a=y;else break}if(a===0){let y=o.chomp===
"+"&&s.length>0?`
`.repeat(Math.max(1,s.length-1)):"",w=r+o.length;return e.source&&(w+=e.source.length),{value:y,type:i,comment:o.comment,
range:[r,w,w]}}let c=e.indent+o.indent,u=e.offset+o.length,d=0;for(let y=0;y<a;++y){let[w,S]=s[y];if(S===""||S==="\r")o.
indent===0&&w.length>c&&(c=w.length);else{w.length<c&&n(u+w.length,"MISSING_CHAR","Block scalars with more-indented lead\
ing empty lines must use an explicit indentation indicator"),o.indent===0&&(c=w.length),d=y,c===0&&!t.atRoot&&n(u,"BAD_I\
NDENT","Block scalar values in collections must be indented");break}u+=w.length+S.length+1}for(let y=s.length-1;y>=a;--y)
s[y][0].length>c&&(a=y+1);let f="",p="",g=!1;for(let y=0;y<d;++y)f+=s[y][0].slice(c)+`
`;for(let y=d;y<a;++y){let[w,S]=s[y];u+=w.length+S.length+1;let E=S[S.length-1]==="\r";if(E&&(S=S.slice(0,-1)),S&&w.length<
c){let x=`Block scalar lines must not be less indented than their ${o.indent?"explicit indentation indicator":"first lin\
e"}`;n(u-S.length-(E?2:1),"BAD_INDENT",x),w=""}i===yc.Scalar.BLOCK_LITERAL?(f+=p+w.slice(c)+S,p=`
`):w.length>c||S[0]==="	"?(p===" "?p=`
`:!g&&p===`
`&&(p=`

`),f+=p+w.slice(c)+S,p=`
`,g=!0):S===""?p===`
`?f+=`
`:p=`
`:(f+=p+S,p=" ",g=!1)}switch(o.chomp){case"-":break;case"+":for(let y=a;y<s.length;++y)f+=`
`+s[y][0].slice(c);f[f.length-1]!==`
`&&(f+=`
`);break;default:f+=`
`}let k=r+o.length+e.source.length;return{value:f,type:i,comment:o.comment,range:[r,k,k]}}function l_({offset:t,props:e},n,r){
if(e[0].type!=="block-scalar-header")return r(e[0],"IMPOSSIBLE","Block scalar header not found"),null;let{source:o}=e[0],
i=o[0],s=0,a="",c=-1;for(let p=1;p<o.length;++p){let g=o[p];if(!a&&(g==="-"||g==="+"))a=g;else{let k=Number(g);!s&&k?s=k:
c===-1&&(c=t+p)}}c!==-1&&r(c,"UNEXPECTED_TOKEN",`Block scalar header includes extra characters: ${o}`);let u=!1,d="",f=o.
length;for(let p=1;p<e.length;++p){let g=e[p];switch(g.type){case"space":u=!0;case"newline":f+=g.source.length;break;case"\
comment":n&&!u&&r(g,"MISSING_CHAR","Comments must be separated from other tokens by white space characters"),f+=g.source.
length,d=g.source.substring(1);break;case"error":r(g,"UNEXPECTED_TOKEN",g.message),f+=g.source.length;break;default:{let k=`\
Unexpected token in block scalar header: ${g.type}`;r(g,"UNEXPECTED_TOKEN",k);let y=g.source;y&&typeof y=="string"&&(f+=
y.length)}}}return{mode:i,indent:s,chomp:a,comment:d,length:f}}function u_(t){let e=t.split(/\n( *)/),n=e[0],r=n.match(/^( *)/),
i=[r?.[1]?[r[1],n.slice(r[1].length)]:["",n]];for(let s=1;s<e.length;s+=2)i.push([e[s],e[s+1]]);return i}Sh.resolveBlockScalar=
c_});var bc=O(Eh=>{"use strict";l();var wc=ne(),f_=dn();function d_(t,e,n){let{offset:r,type:o,source:i,end:s}=t,a,c,u=(p,g,k)=>n(
r+p,g,k);switch(o){case"scalar":a=wc.Scalar.PLAIN,c=p_(i,u);break;case"single-quoted-scalar":a=wc.Scalar.QUOTE_SINGLE,c=
h_(i,u);break;case"double-quoted-scalar":a=wc.Scalar.QUOTE_DOUBLE,c=m_(i,u);break;default:return n(t,"UNEXPECTED_TOKEN",
`Expected a flow scalar value, but found: ${o}`),{value:"",type:null,comment:"",range:[r,r+i.length,r+i.length]}}let d=r+
i.length,f=f_.resolveEnd(s,d,e,n);return{value:c,type:a,comment:f.comment,range:[r,d,f.offset]}}function p_(t,e){let n="";
switch(t[0]){case"	":n="a tab character";break;case",":n="flow indicator character ,";break;case"%":n="directive indicat\
or character %";break;case"|":case">":{n=`block scalar indicator ${t[0]}`;break}case"@":case"`":{n=`reserved character ${t[0]}`;
break}}return n&&e(0,"BAD_SCALAR_START",`Plain value cannot start with ${n}`),kh(t)}function h_(t,e){return(t[t.length-1]!==
"'"||t.length===1)&&e(t.length,"MISSING_CHAR","Missing closing 'quote"),kh(t.slice(1,-1)).replace(/''/g,"'")}function kh(t){
let e=/(.*?)\r?\n/sy,n=e.exec(t);if(!n)return t;let r,o;try{r=new RegExp("(?<![ 	])[ 	]+$"),o=new RegExp("^[ 	]+|(?<![ 	\
])[ 	]+$","g")}catch{r=/[ \t]+$/,o=/^[ \t]+|[ \t]+$/g}let i=n[1].replace(r,""),s=" ",a=e.lastIndex;for(;n=e.exec(t);){let u=n[1].
replace(o,"");u===""?s===`
`?i+=s:s=`
`:(i+=s+u,s=" "),a=e.lastIndex}let c=/[ \t]*(.*)/sy;return c.lastIndex=a,n=c.exec(t),i+s+(n?.[1]??"")}function m_(t,e){let n="";
for(let r=1;r<t.length-1;++r){let o=t[r];if(!(o==="\r"&&t[r+1]===`
`))if(o===`
`){let{fold:i,offset:s}=y_(t,r);n+=i,r=s}else if(o==="\\"){let i=t[++r],s=g_[i];if(s)n+=s;else if(i===`
`)for(i=t[r+1];i===" "||i==="	";)i=t[++r+1];else if(i==="\r"&&t[r+1]===`
`)for(i=t[++r+1];i===" "||i==="	";)i=t[++r+1];else if(i==="x"||i==="u"||i==="U"){let a=i==="x"?2:i==="u"?4:8;n+=w_(t,r+1,
a,e),r+=a}else{let a=t.substr(r-1,2);e(r-1,"BAD_DQ_ESCAPE",`Invalid escape sequence ${a}`),n+=a}}else if(o===" "||o==="	"){
let i=r,s=t[r+1];for(;s===" "||s==="	";)s=t[++r+1];s!==`
`&&!(s==="\r"&&t[r+2]===`
`)&&(n+=r>i?t.slice(i,r+1):o)}else n+=o}return(t[t.length-1]!=='"'||t.length===1)&&e(t.length,"MISSING_CHAR",'Missing cl\
osing "quote'),n}function y_(t,e){let n="",r=t[e+1];for(;(r===" "||r==="	"||r===`
`||r==="\r")&&!(r==="\r"&&t[e+2]!==`
`);)r===`
`&&(n+=`
`),e+=1,r=t[e+1];return n||(n=" "),{fold:n,offset:e}}var g_={0:"\0",a:"\x07",b:"\b",e:"\x1B",f:"\f",n:`
`,r:"\r",t:"	",v:"\v",N:"\x85",_:"\xA0",L:"\u2028",P:"\u2029"," ":" ",'"':'"',"/":"/","\\":"\\","	":"	"};function w_(t,e,n,r){
let o=t.substr(e,n),s=o.length===n&&/^[0-9a-fA-F]+$/.test(o)?parseInt(o,16):NaN;try{return String.fromCodePoint(s)}catch{
let a=t.substr(e-2,n+2);return r(e-2,"BAD_DQ_ESCAPE",`Invalid escape sequence ${a}`),a}}Eh.resolveFlowScalar=d_});var _h=O(Th=>{"use strict";l();var Pt=U(),Ah=ne(),b_=gc(),S_=bc();function k_(t,e,n,r){let{value:o,type:i,comment:s,range:a}=e.
type==="block-scalar"?b_.resolveBlockScalar(t,e,r):S_.resolveFlowScalar(e,t.options.strict,r),c=n?t.directives.tagName(n.
source,f=>r(n,"TAG_RESOLVE_FAILED",f)):null,u;t.options.stringKeys&&t.atKey?u=t.schema[Pt.SCALAR]:c?u=E_(t.schema,o,c,n,
r):e.type==="scalar"?u=A_(t,o,e,r):u=t.schema[Pt.SCALAR];let d;try{let f=u.resolve(o,p=>r(n??e,"TAG_RESOLVE_FAILED",p),t.
options);d=Pt.isScalar(f)?f:new Ah.Scalar(f)}catch(f){let p=f instanceof Error?f.message:String(f);r(n??e,"TAG_RESOLVE_F\
AILED",p),d=new Ah.Scalar(o)}return d.range=a,d.source=o,i&&(d.type=i),c&&(d.tag=c),u.format&&(d.format=u.format),s&&(d.
comment=s),d}function E_(t,e,n,r,o){if(n==="!")return t[Pt.SCALAR];let i=[];for(let a of t.tags)if(!a.collection&&a.tag===
n)if(a.default&&a.test)i.push(a);else return a;for(let a of i)if(a.test?.test(e))return a;let s=t.knownTags[n];return s&&
!s.collection?(t.tags.push(Object.assign({},s,{default:!1,test:void 0})),s):(o(r,"TAG_RESOLVE_FAILED",`Unresolved tag: ${n}`,
n!=="tag:yaml.org,2002:str"),t[Pt.SCALAR])}function A_({atKey:t,directives:e,schema:n},r,o,i){let s=n.tags.find(a=>(a.default===
!0||t&&a.default==="key")&&a.test?.test(r))||n[Pt.SCALAR];if(n.compat){let a=n.compat.find(c=>c.default&&c.test?.test(r))??
n[Pt.SCALAR];if(s.tag!==a.tag){let c=e.tagString(s.tag),u=e.tagString(a.tag),d=`Value may be parsed as either ${c} or ${u}`;
i(o,"TAG_RESOLVE_FAILED",d,!0)}}return s}Th.composeScalar=k_});var xh=O(Oh=>{"use strict";l();function T_(t,e,n){if(e){n??(n=e.length);for(let r=n-1;r>=0;--r){let o=e[r];switch(o.type){case"\
space":case"comment":case"newline":t-=o.source.length;continue}for(o=e[++r];o?.type==="space";)t+=o.source.length,o=e[++r];
break}}return t}Oh.emptyScalarPosition=T_});var Ch=O(kc=>{"use strict";l();var __=er(),O_=U(),x_=bh(),vh=_h(),v_=dn(),R_=xh(),C_={composeNode:Rh,composeEmptyNode:Sc};
function Rh(t,e,n,r){let o=t.atKey,{spaceBefore:i,comment:s,anchor:a,tag:c}=n,u,d=!0;switch(e.type){case"alias":u=I_(t,e,
r),(a||c)&&r(e,"ALIAS_PROPS","An alias node must not specify any properties");break;case"scalar":case"single-quoted-scal\
ar":case"double-quoted-scalar":case"block-scalar":u=vh.composeScalar(t,e,c,r),a&&(u.anchor=a.source.substring(1));break;case"\
block-map":case"block-seq":case"flow-collection":try{u=x_.composeCollection(C_,t,e,n,r),a&&(u.anchor=a.source.substring(
1))}catch(f){let p=f instanceof Error?f.message:String(f);r(e,"RESOURCE_EXHAUSTION",p)}break;default:{let f=e.type==="er\
ror"?e.message:`Unsupported token (type: ${e.type})`;r(e,"UNEXPECTED_TOKEN",f),d=!1}}return u??(u=Sc(t,e.offset,void 0,null,
n,r)),a&&u.anchor===""&&r(a,"BAD_ALIAS","Anchor cannot be an empty string"),o&&t.options.stringKeys&&(!O_.isScalar(u)||typeof u.
value!="string"||u.tag&&u.tag!=="tag:yaml.org,2002:str")&&r(c??e,"NON_STRING_KEY","With stringKeys, all keys must be str\
ings"),i&&(u.spaceBefore=!0),s&&(e.type==="scalar"&&e.source===""?u.comment=s:u.commentBefore=s),t.options.keepSourceTokens&&
d&&(u.srcToken=e),u}function Sc(t,e,n,r,{spaceBefore:o,comment:i,anchor:s,tag:a,end:c},u){let d={type:"scalar",offset:R_.
emptyScalarPosition(e,n,r),indent:-1,source:""},f=vh.composeScalar(t,d,a,u);return s&&(f.anchor=s.source.substring(1),f.
anchor===""&&u(s,"BAD_ALIAS","Anchor cannot be an empty string")),o&&(f.spaceBefore=!0),i&&(f.comment=i,f.range[2]=c),f}
function I_({options:t},{offset:e,source:n,end:r},o){let i=new __.Alias(n.substring(1));i.source===""&&o(e,"BAD_ALIAS","\
Alias cannot be an empty string"),i.source.endsWith(":")&&o(e+n.length-1,"BAD_ALIAS","Alias ending in : is ambiguous",!0);
let s=e+n.length,a=v_.resolveEnd(r,s,t.strict,o);return i.range=[e,s,a.offset],a.comment&&(i.comment=a.comment),i}kc.composeEmptyNode=
Sc;kc.composeNode=Rh});var Ph=O(Nh=>{"use strict";l();var N_=yr(),Ih=Ch(),P_=dn(),$_=Sr();function L_(t,e,{offset:n,start:r,value:o,end:i},s){let a=Object.
assign({_directives:e},t),c=new N_.Document(void 0,a),u={atKey:!1,atRoot:!0,directives:c.directives,options:c.options,schema:c.
schema},d=$_.resolveProps(r,{indicator:"doc-start",next:o??i?.[0],offset:n,onError:s,parentIndent:0,startOnNewline:!0});
d.found&&(c.directives.docStart=!0,o&&(o.type==="block-map"||o.type==="block-seq")&&!d.hasNewline&&s(d.end,"MISSING_CHAR",
"Block collection cannot start on same line with directives-end marker")),c.contents=o?Ih.composeNode(u,o,d,s):Ih.composeEmptyNode(
u,d.end,r,null,d,s);let f=c.contents.range[2],p=P_.resolveEnd(i,f,!1,s);return p.comment&&(c.comment=p.comment),c.range=
[n,f,p.offset],c}Nh.composeDoc=L_});var Ac=O(Mh=>{"use strict";l();var M_=require("process"),j_=ca(),D_=yr(),kr=br(),$h=U(),q_=Ph(),U_=dn();function Er(t){if(typeof t==
"number")return[t,t+1];if(Array.isArray(t))return t.length===2?t:[t[0],t[1]];let{offset:e,source:n}=t;return[e,e+(typeof n==
"string"?n.length:1)]}function Lh(t){let e="",n=!1,r=!1;for(let o=0;o<t.length;++o){let i=t[o];switch(i[0]){case"#":e+=(e===
""?"":r?`

`:`
`)+(i.substring(1)||" "),n=!0,r=!1;break;case"%":t[o+1]?.[0]!=="#"&&(o+=1),n=!1;break;default:n||(r=!0),n=!1}}return{comment:e,
afterEmptyLine:r}}var Ec=class{constructor(e={}){this.doc=null,this.atDirectives=!1,this.prelude=[],this.errors=[],this.
warnings=[],this.onError=(n,r,o,i)=>{let s=Er(n);i?this.warnings.push(new kr.YAMLWarning(s,r,o)):this.errors.push(new kr.
YAMLParseError(s,r,o))},this.directives=new j_.Directives({version:e.version||"1.2"}),this.options=e}decorate(e,n){let{comment:r,
afterEmptyLine:o}=Lh(this.prelude);if(r){let i=e.contents;if(n)e.comment=e.comment?`${e.comment}
${r}`:r;else if(o||e.directives.docStart||!i)e.commentBefore=r;else if($h.isCollection(i)&&!i.flow&&i.items.length>0){let s=i.
items[0];$h.isPair(s)&&(s=s.key);let a=s.commentBefore;s.commentBefore=a?`${r}
${a}`:r}else{let s=i.commentBefore;i.commentBefore=s?`${r}
${s}`:r}}if(n){for(let i=0;i<this.errors.length;++i)e.errors.push(this.errors[i]);for(let i=0;i<this.warnings.length;++i)
e.warnings.push(this.warnings[i])}else e.errors=this.errors,e.warnings=this.warnings;this.prelude=[],this.errors=[],this.
warnings=[]}streamInfo(){return{comment:Lh(this.prelude).comment,directives:this.directives,errors:this.errors,warnings:this.
warnings}}*compose(e,n=!1,r=-1){for(let o of e)yield*this.next(o);yield*this.end(n,r)}*next(e){switch(M_.env.LOG_STREAM&&
console.dir(e,{depth:null}),e.type){case"directive":this.directives.add(e.source,(n,r,o)=>{let i=Er(e);i[0]+=n,this.onError(
i,"BAD_DIRECTIVE",r,o)}),this.prelude.push(e.source),this.atDirectives=!0;break;case"document":{let n=q_.composeDoc(this.
options,this.directives,e,this.onError);this.atDirectives&&!n.directives.docStart&&this.onError(e,"MISSING_CHAR","Missin\
g directives-end/doc-start indicator line"),this.decorate(n,!1),this.doc&&(yield this.doc),this.doc=n,this.atDirectives=
!1;break}case"byte-order-mark":case"space":break;case"comment":case"newline":this.prelude.push(e.source);break;case"erro\
r":{let n=e.source?`${e.message}: ${JSON.stringify(e.source)}`:e.message,r=new kr.YAMLParseError(Er(e),"UNEXPECTED_TOKEN",
n);this.atDirectives||!this.doc?this.errors.push(r):this.doc.errors.push(r);break}case"doc-end":{if(!this.doc){let r="Un\
expected doc-end without preceding document";this.errors.push(new kr.YAMLParseError(Er(e),"UNEXPECTED_TOKEN",r));break}this.
doc.directives.docEnd=!0;let n=U_.resolveEnd(e.end,e.offset+e.source.length,this.doc.options.strict,this.onError);if(this.
decorate(this.doc,!0),n.comment){let r=this.doc.comment;this.doc.comment=r?`${r}
${n.comment}`:n.comment}this.doc.range[2]=n.offset;break}default:this.errors.push(new kr.YAMLParseError(Er(e),"UNEXPECTE\
D_TOKEN",`Unsupported token ${e.type}`))}}*end(e=!1,n=-1){if(this.doc)this.decorate(this.doc,!0),yield this.doc,this.doc=
null;else if(e){let r=Object.assign({_directives:this.directives},this.options),o=new D_.Document(void 0,r);this.atDirectives&&
this.onError(n,"MISSING_CHAR","Missing directives-end indicator line"),o.range=[0,n,n],this.decorate(o,!1),yield o}}};Mh.
Composer=Ec});var qh=O(Ci=>{"use strict";l();var F_=gc(),B_=bc(),K_=br(),jh=ir();function H_(t,e=!0,n){if(t){let r=(o,i,s)=>{let a=typeof o==
"number"?o:Array.isArray(o)?o[0]:o.offset;if(n)n(a,i,s);else throw new K_.YAMLParseError([a,a+1],i,s)};switch(t.type){case"\
scalar":case"single-quoted-scalar":case"double-quoted-scalar":return B_.resolveFlowScalar(t,e,r);case"block-scalar":return F_.
resolveBlockScalar({options:{strict:e}},t,r)}}return null}function G_(t,e){let{implicitKey:n=!1,indent:r,inFlow:o=!1,offset:i=-1,
type:s="PLAIN"}=e,a=jh.stringifyString({type:s,value:t},{implicitKey:n,indent:r>0?" ".repeat(r):"",inFlow:o,options:{blockQuote:!0,
lineWidth:-1}}),c=e.end??[{type:"newline",offset:-1,indent:r,source:`
`}];switch(a[0]){case"|":case">":{let u=a.indexOf(`
`),d=a.substring(0,u),f=a.substring(u+1)+`
`,p=[{type:"block-scalar-header",offset:i,indent:r,source:d}];return Dh(p,c)||p.push({type:"newline",offset:-1,indent:r,
source:`
`}),{type:"block-scalar",offset:i,indent:r,props:p,source:f}}case'"':return{type:"double-quoted-scalar",offset:i,indent:r,
source:a,end:c};case"'":return{type:"single-quoted-scalar",offset:i,indent:r,source:a,end:c};default:return{type:"scalar",
offset:i,indent:r,source:a,end:c}}}function Y_(t,e,n={}){let{afterKey:r=!1,implicitKey:o=!1,inFlow:i=!1,type:s}=n,a="ind\
ent"in t?t.indent:null;if(r&&typeof a=="number"&&(a+=2),!s)switch(t.type){case"single-quoted-scalar":s="QUOTE_SINGLE";break;case"\
double-quoted-scalar":s="QUOTE_DOUBLE";break;case"block-scalar":{let u=t.props[0];if(u.type!=="block-scalar-header")throw new Error(
"Invalid block scalar header");s=u.source[0]===">"?"BLOCK_FOLDED":"BLOCK_LITERAL";break}default:s="PLAIN"}let c=jh.stringifyString(
{type:s,value:e},{implicitKey:o||a===null,indent:a!==null&&a>0?" ".repeat(a):"",inFlow:i,options:{blockQuote:!0,lineWidth:-1}});
switch(c[0]){case"|":case">":W_(t,c);break;case'"':Tc(t,c,"double-quoted-scalar");break;case"'":Tc(t,c,"single-quoted-sc\
alar");break;default:Tc(t,c,"scalar")}}function W_(t,e){let n=e.indexOf(`
`),r=e.substring(0,n),o=e.substring(n+1)+`
`;if(t.type==="block-scalar"){let i=t.props[0];if(i.type!=="block-scalar-header")throw new Error("Invalid block scalar h\
eader");i.source=r,t.source=o}else{let{offset:i}=t,s="indent"in t?t.indent:-1,a=[{type:"block-scalar-header",offset:i,indent:s,
source:r}];Dh(a,"end"in t?t.end:void 0)||a.push({type:"newline",offset:-1,indent:s,source:`
`});for(let c of Object.keys(t))c!=="type"&&c!=="offset"&&delete t[c];Object.assign(t,{type:"block-scalar",indent:s,props:a,
source:o})}}function Dh(t,e){if(e)for(let n of e)switch(n.type){case"space":case"comment":t.push(n);break;case"newline":
return t.push(n),!0}return!1}function Tc(t,e,n){switch(t.type){case"scalar":case"double-quoted-scalar":case"single-quote\
d-scalar":t.type=n,t.source=e;break;case"block-scalar":{let r=t.props.slice(1),o=e.length;t.props[0].type==="block-scala\
r-header"&&(o-=t.props[0].source.length);for(let i of r)i.offset+=o;delete t.props,Object.assign(t,{type:n,source:e,end:r});
break}case"block-map":case"block-seq":{let o={type:"newline",offset:t.offset+e.length,indent:t.indent,source:`
`};delete t.items,Object.assign(t,{type:n,source:e,end:[o]});break}default:{let r="indent"in t?t.indent:-1,o="end"in t&&
Array.isArray(t.end)?t.end.filter(i=>i.type==="space"||i.type==="comment"||i.type==="newline"):[];for(let i of Object.keys(
t))i!=="type"&&i!=="offset"&&delete t[i];Object.assign(t,{type:n,indent:r,source:e,end:o})}}}Ci.createScalarToken=G_;Ci.
resolveAsScalar=H_;Ci.setScalarValue=Y_});var Fh=O(Uh=>{"use strict";l();var V_=t=>"type"in t?Ni(t):Ii(t);function Ni(t){switch(t.type){case"block-scalar":{let e="";
for(let n of t.props)e+=Ni(n);return e+t.source}case"block-map":case"block-seq":{let e="";for(let n of t.items)e+=Ii(n);
return e}case"flow-collection":{let e=t.start.source;for(let n of t.items)e+=Ii(n);for(let n of t.end)e+=n.source;return e}case"\
document":{let e=Ii(t);if(t.end)for(let n of t.end)e+=n.source;return e}default:{let e=t.source;if("end"in t&&t.end)for(let n of t.
end)e+=n.source;return e}}}function Ii({start:t,key:e,sep:n,value:r}){let o="";for(let i of t)o+=i.source;if(e&&(o+=Ni(e)),
n)for(let i of n)o+=i.source;return r&&(o+=Ni(r)),o}Uh.stringify=V_});var Gh=O(Hh=>{"use strict";l();var _c=Symbol("break visit"),J_=Symbol("skip children"),Bh=Symbol("remove item");function $t(t,e){
"type"in t&&t.type==="document"&&(t={start:t.start,value:t.value}),Kh(Object.freeze([]),t,e)}$t.BREAK=_c;$t.SKIP=J_;$t.REMOVE=
Bh;$t.itemAtPath=(t,e)=>{let n=t;for(let[r,o]of e){let i=n?.[r];if(i&&"items"in i)n=i.items[o];else return}return n};$t.
parentCollection=(t,e)=>{let n=$t.itemAtPath(t,e.slice(0,-1)),r=e[e.length-1][0],o=n?.[r];if(o&&"items"in o)return o;throw new Error(
"Parent collection not found")};function Kh(t,e,n){let r=n(e,t);if(typeof r=="symbol")return r;for(let o of["key","value"]){
let i=e[o];if(i&&"items"in i){for(let s=0;s<i.items.length;++s){let a=Kh(Object.freeze(t.concat([[o,s]])),i.items[s],n);
if(typeof a=="number")s=a-1;else{if(a===_c)return _c;a===Bh&&(i.items.splice(s,1),s-=1)}}typeof r=="function"&&o==="key"&&
(r=r(e,t))}}return typeof r=="function"?r(e,t):r}Hh.visit=$t});var Pi=O(he=>{"use strict";l();var Oc=qh(),z_=Fh(),X_=Gh(),xc="\uFEFF",vc="",Rc="",Cc="",Q_=t=>!!t&&"items"in t,Z_=t=>!!t&&
(t.type==="scalar"||t.type==="single-quoted-scalar"||t.type==="double-quoted-scalar"||t.type==="block-scalar");function eO(t){
switch(t){case xc:return"<BOM>";case vc:return"<DOC>";case Rc:return"<FLOW_END>";case Cc:return"<SCALAR>";default:return JSON.
stringify(t)}}function tO(t){switch(t){case xc:return"byte-order-mark";case vc:return"doc-mode";case Rc:return"flow-erro\
r-end";case Cc:return"scalar";case"---":return"doc-start";case"...":return"doc-end";case"":case`
`:case`\r
`:return"newline";case"-":return"seq-item-ind";case"?":return"explicit-key-ind";case":":return"map-value-ind";case"{":return"\
flow-map-start";case"}":return"flow-map-end";case"[":return"flow-seq-start";case"]":return"flow-seq-end";case",":return"\
comma"}switch(t[0]){case" ":case"	":return"space";case"#":return"comment";case"%":return"directive-line";case"*":return"\
alias";case"&":return"anchor";case"!":return"tag";case"'":return"single-quoted-scalar";case'"':return"double-quoted-scal\
ar";case"|":case">":return"block-scalar-header"}return null}he.createScalarToken=Oc.createScalarToken;he.resolveAsScalar=
Oc.resolveAsScalar;he.setScalarValue=Oc.setScalarValue;he.stringify=z_.stringify;he.visit=X_.visit;he.BOM=xc;he.DOCUMENT=
vc;he.FLOW_END=Rc;he.SCALAR=Cc;he.isCollection=Q_;he.isScalar=Z_;he.prettyToken=eO;he.tokenType=tO});var Pc=O(Wh=>{"use strict";l();var Ar=Pi();function Ie(t){switch(t){case void 0:case" ":case`
`:case"\r":case"	":return!0;default:return!1}}var Yh=new Set("0123456789ABCDEFabcdef"),nO=new Set("0123456789ABCDEFGHIJK\
LMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()"),$i=new Set(",[]{}"),rO=new Set(` ,[]{}
\r	`),Ic=t=>!t||rO.has(t),Nc=class{constructor(){this.atEnd=!1,this.blockScalarIndent=-1,this.blockScalarKeep=!1,this.buffer=
"",this.flowKey=!1,this.flowLevel=0,this.indentNext=0,this.indentValue=0,this.lineEndPos=null,this.next=null,this.pos=0}*lex(e,n=!1){
if(e){if(typeof e!="string")throw TypeError("source is not a string");this.buffer=this.buffer?this.buffer+e:e,this.lineEndPos=
null}this.atEnd=!n;let r=this.next??"stream";for(;r&&(n||this.hasChars(1));)r=yield*this.parseNext(r)}atLineEnd(){let e=this.
pos,n=this.buffer[e];for(;n===" "||n==="	";)n=this.buffer[++e];return!n||n==="#"||n===`
`?!0:n==="\r"?this.buffer[e+1]===`
`:!1}charAt(e){return this.buffer[this.pos+e]}continueScalar(e){let n=this.buffer[e];if(this.indentNext>0){let r=0;for(;n===
" ";)n=this.buffer[++r+e];if(n==="\r"){let o=this.buffer[r+e+1];if(o===`
`||!o&&!this.atEnd)return e+r+1}return n===`
`||r>=this.indentNext||!n&&!this.atEnd?e+r:-1}if(n==="-"||n==="."){let r=this.buffer.substr(e,3);if((r==="---"||r==="...")&&
Ie(this.buffer[e+3]))return-1}return e}getLine(){let e=this.lineEndPos;return(typeof e!="number"||e!==-1&&e<this.pos)&&(e=
this.buffer.indexOf(`
`,this.pos),this.lineEndPos=e),e===-1?this.atEnd?this.buffer.substring(this.pos):null:(this.buffer[e-1]==="\r"&&(e-=1),this.
buffer.substring(this.pos,e))}hasChars(e){return this.pos+e<=this.buffer.length}setNext(e){return this.buffer=this.buffer.
substring(this.pos),this.pos=0,this.lineEndPos=null,this.next=e,null}peek(e){return this.buffer.substr(this.pos,e)}*parseNext(e){
switch(e){case"stream":return yield*this.parseStream();case"line-start":return yield*this.parseLineStart();case"block-st\
art":return yield*this.parseBlockStart();case"doc":return yield*this.parseDocument();case"flow":return yield*this.parseFlowCollection();case"\
quoted-scalar":return yield*this.parseQuotedScalar();case"block-scalar":return yield*this.parseBlockScalar();case"plain-\
scalar":return yield*this.parsePlainScalar()}}*parseStream(){let e=this.getLine();if(e===null)return this.setNext("strea\
m");if(e[0]===Ar.BOM&&(yield*this.pushCount(1),e=e.substring(1)),e[0]==="%"){let n=e.length,r=e.indexOf("#");for(;r!==-1;){
let i=e[r-1];if(i===" "||i==="	"){n=r-1;break}else r=e.indexOf("#",r+1)}for(;;){let i=e[n-1];if(i===" "||i==="	")n-=1;else
break}let o=(yield*this.pushCount(n))+(yield*this.pushSpaces(!0));return yield*this.pushCount(e.length-o),this.pushNewline(),
"stream"}if(this.atLineEnd()){let n=yield*this.pushSpaces(!0);return yield*this.pushCount(e.length-n),yield*this.pushNewline(),
"stream"}return yield Ar.DOCUMENT,yield*this.parseLineStart()}*parseLineStart(){let e=this.charAt(0);if(!e&&!this.atEnd)
return this.setNext("line-start");if(e==="-"||e==="."){if(!this.atEnd&&!this.hasChars(4))return this.setNext("line-start");
let n=this.peek(3);if((n==="---"||n==="...")&&Ie(this.charAt(3)))return yield*this.pushCount(3),this.indentValue=0,this.
indentNext=0,n==="---"?"doc":"stream"}return this.indentValue=yield*this.pushSpaces(!1),this.indentNext>this.indentValue&&
!Ie(this.charAt(1))&&(this.indentNext=this.indentValue),yield*this.parseBlockStart()}*parseBlockStart(){let[e,n]=this.peek(
2);if(!n&&!this.atEnd)return this.setNext("block-start");if((e==="-"||e==="?"||e===":")&&Ie(n)){let r=(yield*this.pushCount(
1))+(yield*this.pushSpaces(!0));return this.indentNext=this.indentValue+1,this.indentValue+=r,"block-start"}return"doc"}*parseDocument(){
yield*this.pushSpaces(!0);let e=this.getLine();if(e===null)return this.setNext("doc");let n=yield*this.pushIndicators();
switch(e[n]){case"#":yield*this.pushCount(e.length-n);case void 0:return yield*this.pushNewline(),yield*this.parseLineStart();case"\
{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel=1,"flow";case"}":case"]":return yield*this.pushCount(
1),"doc";case"*":return yield*this.pushUntil(Ic),"doc";case'"':case"'":return yield*this.parseQuotedScalar();case"|":case"\
>":return n+=yield*this.parseBlockScalarHeader(),n+=yield*this.pushSpaces(!0),yield*this.pushCount(e.length-n),yield*this.
pushNewline(),yield*this.parseBlockScalar();default:return yield*this.parsePlainScalar()}}*parseFlowCollection(){let e,n,
r=-1;do e=yield*this.pushNewline(),e>0?(n=yield*this.pushSpaces(!1),this.indentValue=r=n):n=0,n+=yield*this.pushSpaces(!0);while(e+
n>0);let o=this.getLine();if(o===null)return this.setNext("flow");if((r!==-1&&r<this.indentNext&&o[0]!=="#"||r===0&&(o.startsWith(
"---")||o.startsWith("..."))&&Ie(o[3]))&&!(r===this.indentNext-1&&this.flowLevel===1&&(o[0]==="]"||o[0]==="}")))return this.
flowLevel=0,yield Ar.FLOW_END,yield*this.parseLineStart();let i=0;for(;o[i]===",";)i+=yield*this.pushCount(1),i+=yield*this.
pushSpaces(!0),this.flowKey=!1;switch(i+=yield*this.pushIndicators(),o[i]){case void 0:return"flow";case"#":return yield*this.
pushCount(o.length-i),"flow";case"{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel+=1,"flow";case"\
}":case"]":return yield*this.pushCount(1),this.flowKey=!0,this.flowLevel-=1,this.flowLevel?"flow":"doc";case"*":return yield*this.
pushUntil(Ic),"flow";case'"':case"'":return this.flowKey=!0,yield*this.parseQuotedScalar();case":":{let s=this.charAt(1);
if(this.flowKey||Ie(s)||s===",")return this.flowKey=!1,yield*this.pushCount(1),yield*this.pushSpaces(!0),"flow"}default:
return this.flowKey=!1,yield*this.parsePlainScalar()}}*parseQuotedScalar(){let e=this.charAt(0),n=this.buffer.indexOf(e,
this.pos+1);if(e==="'")for(;n!==-1&&this.buffer[n+1]==="'";)n=this.buffer.indexOf("'",n+2);else for(;n!==-1;){let i=0;for(;this.
buffer[n-1-i]==="\\";)i+=1;if(i%2===0)break;n=this.buffer.indexOf('"',n+1)}let r=this.buffer.substring(0,n),o=r.indexOf(
`
`,this.pos);if(o!==-1){for(;o!==-1;){let i=this.continueScalar(o+1);if(i===-1)break;o=r.indexOf(`
`,i)}o!==-1&&(n=o-(r[o-1]==="\r"?2:1))}if(n===-1){if(!this.atEnd)return this.setNext("quoted-scalar");n=this.buffer.length}
return yield*this.pushToIndex(n+1,!1),this.flowLevel?"flow":"doc"}*parseBlockScalarHeader(){this.blockScalarIndent=-1,this.
blockScalarKeep=!1;let e=this.pos;for(;;){let n=this.buffer[++e];if(n==="+")this.blockScalarKeep=!0;else if(n>"0"&&n<="9")
this.blockScalarIndent=Number(n)-1;else if(n!=="-")break}return yield*this.pushUntil(n=>Ie(n)||n==="#")}*parseBlockScalar(){
let e=this.pos-1,n=0,r;e:for(let i=this.pos;r=this.buffer[i];++i)switch(r){case" ":n+=1;break;case`
`:e=i,n=0;break;case"\r":{let s=this.buffer[i+1];if(!s&&!this.atEnd)return this.setNext("block-scalar");if(s===`
`)break}default:break e}if(!r&&!this.atEnd)return this.setNext("block-scalar");if(n>=this.indentNext){this.blockScalarIndent===
-1?this.indentNext=n:this.indentNext=this.blockScalarIndent+(this.indentNext===0?1:this.indentNext);do{let i=this.continueScalar(
e+1);if(i===-1)break;e=this.buffer.indexOf(`
`,i)}while(e!==-1);if(e===-1){if(!this.atEnd)return this.setNext("block-scalar");e=this.buffer.length}}let o=e+1;for(r=this.
buffer[o];r===" ";)r=this.buffer[++o];if(r==="	"){for(;r==="	"||r===" "||r==="\r"||r===`
`;)r=this.buffer[++o];e=o-1}else if(!this.blockScalarKeep)do{let i=e-1,s=this.buffer[i];s==="\r"&&(s=this.buffer[--i]);let a=i;
for(;s===" ";)s=this.buffer[--i];if(s===`
`&&i>=this.pos&&i+1+n>a)e=i;else break}while(!0);return yield Ar.SCALAR,yield*this.pushToIndex(e+1,!0),yield*this.parseLineStart()}*parsePlainScalar(){
let e=this.flowLevel>0,n=this.pos-1,r=this.pos-1,o;for(;o=this.buffer[++r];)if(o===":"){let i=this.buffer[r+1];if(Ie(i)||
e&&$i.has(i))break;n=r}else if(Ie(o)){let i=this.buffer[r+1];if(o==="\r"&&(i===`
`?(r+=1,o=`
`,i=this.buffer[r+1]):n=r),i==="#"||e&&$i.has(i))break;if(o===`
`){let s=this.continueScalar(r+1);if(s===-1)break;r=Math.max(r,s-2)}}else{if(e&&$i.has(o))break;n=r}return!o&&!this.atEnd?
this.setNext("plain-scalar"):(yield Ar.SCALAR,yield*this.pushToIndex(n+1,!0),e?"flow":"doc")}*pushCount(e){return e>0?(yield this.
buffer.substr(this.pos,e),this.pos+=e,e):0}*pushToIndex(e,n){let r=this.buffer.slice(this.pos,e);return r?(yield r,this.
pos+=r.length,r.length):(n&&(yield""),0)}*pushIndicators(){let e=0;e:for(;;){switch(this.charAt(0)){case"!":e+=yield*this.
pushTag(),e+=yield*this.pushSpaces(!0);continue e;case"&":e+=yield*this.pushUntil(Ic),e+=yield*this.pushSpaces(!0);continue e;case"\
-":case"?":case":":{let n=this.flowLevel>0,r=this.charAt(1);if(Ie(r)||n&&$i.has(r)){n?this.flowKey&&(this.flowKey=!1):this.
indentNext=this.indentValue+1,e+=yield*this.pushCount(1),e+=yield*this.pushSpaces(!0);continue e}}}break e}return e}*pushTag(){
if(this.charAt(1)==="<"){let e=this.pos+2,n=this.buffer[e];for(;!Ie(n)&&n!==">";)n=this.buffer[++e];return yield*this.pushToIndex(
n===">"?e+1:e,!1)}else{let e=this.pos+1,n=this.buffer[e];for(;n;)if(nO.has(n))n=this.buffer[++e];else if(n==="%"&&Yh.has(
this.buffer[e+1])&&Yh.has(this.buffer[e+2]))n=this.buffer[e+=3];else break;return yield*this.pushToIndex(e,!1)}}*pushNewline(){
let e=this.buffer[this.pos];return e===`
`?yield*this.pushCount(1):e==="\r"&&this.charAt(1)===`
`?yield*this.pushCount(2):0}*pushSpaces(e){let n=this.pos-1,r;do r=this.buffer[++n];while(r===" "||e&&r==="	");let o=n-this.
pos;return o>0&&(yield this.buffer.substr(this.pos,o),this.pos=n),o}*pushUntil(e){let n=this.pos,r=this.buffer[n];for(;!e(
r);)r=this.buffer[++n];return yield*this.pushToIndex(n,!1)}};Wh.Lexer=Nc});var Lc=O(Vh=>{"use strict";l();var $c=class{constructor(){this.lineStarts=[],this.addNewLine=e=>this.lineStarts.push(e),
this.linePos=e=>{let n=0,r=this.lineStarts.length;for(;n<r;){let i=n+r>>1;this.lineStarts[i]<e?n=i+1:r=i}if(this.lineStarts[n]===
e)return{line:n+1,col:1};if(n===0)return{line:0,col:e};let o=this.lineStarts[n-1];return{line:n,col:e-o+1}}}};Vh.LineCounter=
$c});var jc=O(Zh=>{"use strict";l();var oO=require("process"),Jh=Pi(),iO=Pc();function gt(t,e){for(let n=0;n<t.length;++n)if(t[n].
type===e)return!0;return!1}function zh(t){for(let e=0;e<t.length;++e)switch(t[e].type){case"space":case"comment":case"ne\
wline":break;default:return e}return-1}function Qh(t){switch(t?.type){case"alias":case"scalar":case"single-quoted-scalar":case"\
double-quoted-scalar":case"flow-collection":return!0;default:return!1}}function Li(t){switch(t.type){case"document":return t.
start;case"block-map":{let e=t.items[t.items.length-1];return e.sep??e.start}case"block-seq":return t.items[t.items.length-
1].start;default:return[]}}function pn(t){if(t.length===0)return[];let e=t.length;e:for(;--e>=0;)switch(t[e].type){case"\
doc-start":case"explicit-key-ind":case"map-value-ind":case"seq-item-ind":case"newline":break e}for(;t[++e]?.type==="spac\
e";);return t.splice(e,t.length)}function Mi(t,e){if(e.length<1e5)Array.prototype.push.apply(t,e);else for(let n=0;n<e.length;++n)
t.push(e[n])}function Xh(t){if(t.start.type==="flow-seq-start")for(let e of t.items)e.sep&&!e.value&&!gt(e.start,"explic\
it-key-ind")&&!gt(e.sep,"map-value-ind")&&(e.key&&(e.value=e.key),delete e.key,Qh(e.value)?e.value.end?Mi(e.value.end,e.
sep):e.value.end=e.sep:Mi(e.start,e.sep),delete e.sep)}var Mc=class{constructor(e){this.atNewLine=!0,this.atScalar=!1,this.
indent=0,this.offset=0,this.onKeyLine=!1,this.stack=[],this.source="",this.type="",this.lexer=new iO.Lexer,this.onNewLine=
e}*parse(e,n=!1){this.onNewLine&&this.offset===0&&this.onNewLine(0);for(let r of this.lexer.lex(e,n))yield*this.next(r);
n||(yield*this.end())}*next(e){if(this.source=e,oO.env.LOG_TOKENS&&console.log("|",Jh.prettyToken(e)),this.atScalar){this.
atScalar=!1,yield*this.step(),this.offset+=e.length;return}let n=Jh.tokenType(e);if(n)if(n==="scalar")this.atNewLine=!1,
this.atScalar=!0,this.type="scalar";else{switch(this.type=n,yield*this.step(),n){case"newline":this.atNewLine=!0,this.indent=
0,this.onNewLine&&this.onNewLine(this.offset+e.length);break;case"space":this.atNewLine&&e[0]===" "&&(this.indent+=e.length);
break;case"explicit-key-ind":case"map-value-ind":case"seq-item-ind":this.atNewLine&&(this.indent+=e.length);break;case"d\
oc-mode":case"flow-error-end":return;default:this.atNewLine=!1}this.offset+=e.length}else{let r=`Not a YAML token: ${e}`;
yield*this.pop({type:"error",offset:this.offset,message:r,source:e}),this.offset+=e.length}}*end(){for(;this.stack.length>
0;)yield*this.pop()}get sourceToken(){return{type:this.type,offset:this.offset,indent:this.indent,source:this.source}}*step(){
let e=this.peek(1);if(this.type==="doc-end"&&e?.type!=="doc-end"){for(;this.stack.length>0;)yield*this.pop();this.stack.
push({type:"doc-end",offset:this.offset,source:this.source});return}if(!e)return yield*this.stream();switch(e.type){case"\
document":return yield*this.document(e);case"alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":return yield*this.
scalar(e);case"block-scalar":return yield*this.blockScalar(e);case"block-map":return yield*this.blockMap(e);case"block-s\
eq":return yield*this.blockSequence(e);case"flow-collection":return yield*this.flowCollection(e);case"doc-end":return yield*this.
documentEnd(e)}yield*this.pop()}peek(e){return this.stack[this.stack.length-e]}*pop(e){let n=e??this.stack.pop();if(!n)yield{
type:"error",offset:this.offset,source:"",message:"Tried to pop an empty stack"};else if(this.stack.length===0)yield n;else{
let r=this.peek(1);switch(n.type==="block-scalar"?n.indent="indent"in r?r.indent:0:n.type==="flow-collection"&&r.type===
"document"&&(n.indent=0),n.type==="flow-collection"&&Xh(n),r.type){case"document":r.value=n;break;case"block-scalar":r.props.
push(n);break;case"block-map":{let o=r.items[r.items.length-1];if(o.value){r.items.push({start:[],key:n,sep:[]}),this.onKeyLine=
!0;return}else if(o.sep)o.value=n;else{Object.assign(o,{key:n,sep:[]}),this.onKeyLine=!o.explicitKey;return}break}case"b\
lock-seq":{let o=r.items[r.items.length-1];o.value?r.items.push({start:[],value:n}):o.value=n;break}case"flow-collection":{
let o=r.items[r.items.length-1];!o||o.value?r.items.push({start:[],key:n,sep:[]}):o.sep?o.value=n:Object.assign(o,{key:n,
sep:[]});return}default:yield*this.pop(),yield*this.pop(n)}if((r.type==="document"||r.type==="block-map"||r.type==="bloc\
k-seq")&&(n.type==="block-map"||n.type==="block-seq")){let o=n.items[n.items.length-1];o&&!o.sep&&!o.value&&o.start.length>
0&&zh(o.start)===-1&&(n.indent===0||o.start.every(i=>i.type!=="comment"||i.indent<n.indent))&&(r.type==="document"?r.end=
o.start:r.items.push({start:o.start}),n.items.splice(-1,1))}}}*stream(){switch(this.type){case"directive-line":yield{type:"\
directive",offset:this.offset,source:this.source};return;case"byte-order-mark":case"space":case"comment":case"newline":yield this.
sourceToken;return;case"doc-mode":case"doc-start":{let e={type:"document",offset:this.offset,start:[]};this.type==="doc-\
start"&&e.start.push(this.sourceToken),this.stack.push(e);return}}yield{type:"error",offset:this.offset,message:`Unexpec\
ted ${this.type} token in YAML stream`,source:this.source}}*document(e){if(e.value)return yield*this.lineEnd(e);switch(this.
type){case"doc-start":{zh(e.start)!==-1?(yield*this.pop(),yield*this.step()):e.start.push(this.sourceToken);return}case"\
anchor":case"tag":case"space":case"comment":case"newline":e.start.push(this.sourceToken);return}let n=this.startBlockValue(
e);n?this.stack.push(n):yield{type:"error",offset:this.offset,message:`Unexpected ${this.type} token in YAML document`,source:this.
source}}*scalar(e){if(this.type==="map-value-ind"){let n=Li(this.peek(2)),r=pn(n),o;e.end?(o=e.end,o.push(this.sourceToken),
delete e.end):o=[this.sourceToken];let i={type:"block-map",offset:e.offset,indent:e.indent,items:[{start:r,key:e,sep:o}]};
this.onKeyLine=!0,this.stack[this.stack.length-1]=i}else yield*this.lineEnd(e)}*blockScalar(e){switch(this.type){case"sp\
ace":case"comment":case"newline":e.props.push(this.sourceToken);return;case"scalar":if(e.source=this.source,this.atNewLine=
!0,this.indent=0,this.onNewLine){let n=this.source.indexOf(`
`)+1;for(;n!==0;)this.onNewLine(this.offset+n),n=this.source.indexOf(`
`,n)+1}yield*this.pop();break;default:yield*this.pop(),yield*this.step()}}*blockMap(e){let n=e.items[e.items.length-1];switch(this.
type){case"newline":if(this.onKeyLine=!1,n.value){let r="end"in n.value?n.value.end:void 0;(Array.isArray(r)?r[r.length-
1]:void 0)?.type==="comment"?r?.push(this.sourceToken):e.items.push({start:[this.sourceToken]})}else n.sep?n.sep.push(this.
sourceToken):n.start.push(this.sourceToken);return;case"space":case"comment":if(n.value)e.items.push({start:[this.sourceToken]});else if(n.
sep)n.sep.push(this.sourceToken);else{if(this.atIndentedComment(n.start,e.indent)){let o=e.items[e.items.length-2]?.value?.
end;if(Array.isArray(o)){Mi(o,n.start),o.push(this.sourceToken),e.items.pop();return}}n.start.push(this.sourceToken)}return}
if(this.indent>=e.indent){let r=!this.onKeyLine&&this.indent===e.indent,o=r&&(n.sep||n.explicitKey)&&this.type!=="seq-it\
em-ind",i=[];if(o&&n.sep&&!n.value){let s=[];for(let a=0;a<n.sep.length;++a){let c=n.sep[a];switch(c.type){case"newline":
s.push(a);break;case"space":break;case"comment":c.indent>e.indent&&(s.length=0);break;default:s.length=0}}s.length>=2&&(i=
n.sep.splice(s[1]))}switch(this.type){case"anchor":case"tag":o||n.value?(i.push(this.sourceToken),e.items.push({start:i}),
this.onKeyLine=!0):n.sep?n.sep.push(this.sourceToken):n.start.push(this.sourceToken);return;case"explicit-key-ind":!n.sep&&
!n.explicitKey?(n.start.push(this.sourceToken),n.explicitKey=!0):o||n.value?(i.push(this.sourceToken),e.items.push({start:i,
explicitKey:!0})):this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken],
explicitKey:!0}]}),this.onKeyLine=!0;return;case"map-value-ind":if(n.explicitKey)if(n.sep)if(n.value)e.items.push({start:[],
key:null,sep:[this.sourceToken]});else if(gt(n.sep,"map-value-ind"))this.stack.push({type:"block-map",offset:this.offset,
indent:this.indent,items:[{start:i,key:null,sep:[this.sourceToken]}]});else if(Qh(n.key)&&!gt(n.sep,"newline")){let s=pn(
n.start),a=n.key,c=n.sep;c.push(this.sourceToken),delete n.key,delete n.sep,this.stack.push({type:"block-map",offset:this.
offset,indent:this.indent,items:[{start:s,key:a,sep:c}]})}else i.length>0?n.sep=n.sep.concat(i,this.sourceToken):n.sep.push(
this.sourceToken);else if(gt(n.start,"newline"))Object.assign(n,{key:null,sep:[this.sourceToken]});else{let s=pn(n.start);
this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:s,key:null,sep:[this.sourceToken]}]})}else
n.sep?n.value||o?e.items.push({start:i,key:null,sep:[this.sourceToken]}):gt(n.sep,"map-value-ind")?this.stack.push({type:"\
block-map",offset:this.offset,indent:this.indent,items:[{start:[],key:null,sep:[this.sourceToken]}]}):n.sep.push(this.sourceToken):
Object.assign(n,{key:null,sep:[this.sourceToken]});this.onKeyLine=!0;return;case"alias":case"scalar":case"single-quoted-\
scalar":case"double-quoted-scalar":{let s=this.flowScalar(this.type);o||n.value?(e.items.push({start:i,key:s,sep:[]}),this.
onKeyLine=!0):n.sep?this.stack.push(s):(Object.assign(n,{key:s,sep:[]}),this.onKeyLine=!0);return}default:{let s=this.startBlockValue(
e);if(s){if(s.type==="block-seq"){if(!n.explicitKey&&n.sep&&!gt(n.sep,"newline")){yield*this.pop({type:"error",offset:this.
offset,message:"Unexpected block-seq-ind on same line with key",source:this.source});return}}else r&&e.items.push({start:i});
this.stack.push(s);return}}}}yield*this.pop(),yield*this.step()}*blockSequence(e){let n=e.items[e.items.length-1];switch(this.
type){case"newline":if(n.value){let r="end"in n.value?n.value.end:void 0;(Array.isArray(r)?r[r.length-1]:void 0)?.type===
"comment"?r?.push(this.sourceToken):e.items.push({start:[this.sourceToken]})}else n.start.push(this.sourceToken);return;case"\
space":case"comment":if(n.value)e.items.push({start:[this.sourceToken]});else{if(this.atIndentedComment(n.start,e.indent)){
let o=e.items[e.items.length-2]?.value?.end;if(Array.isArray(o)){Mi(o,n.start),o.push(this.sourceToken),e.items.pop();return}}
n.start.push(this.sourceToken)}return;case"anchor":case"tag":if(n.value||this.indent<=e.indent)break;n.start.push(this.sourceToken);
return;case"seq-item-ind":if(this.indent!==e.indent)break;n.value||gt(n.start,"seq-item-ind")?e.items.push({start:[this.
sourceToken]}):n.start.push(this.sourceToken);return}if(this.indent>e.indent){let r=this.startBlockValue(e);if(r){this.stack.
push(r);return}}yield*this.pop(),yield*this.step()}*flowCollection(e){let n=e.items[e.items.length-1];if(this.type==="fl\
ow-error-end"){let r;do yield*this.pop(),r=this.peek(1);while(r?.type==="flow-collection")}else if(e.end.length===0){switch(this.
type){case"comma":case"explicit-key-ind":!n||n.sep?e.items.push({start:[this.sourceToken]}):n.start.push(this.sourceToken);
return;case"map-value-ind":!n||n.value?e.items.push({start:[],key:null,sep:[this.sourceToken]}):n.sep?n.sep.push(this.sourceToken):
Object.assign(n,{key:null,sep:[this.sourceToken]});return;case"space":case"comment":case"newline":case"anchor":case"tag":
!n||n.value?e.items.push({start:[this.sourceToken]}):n.sep?n.sep.push(this.sourceToken):n.start.push(this.sourceToken);return;case"\
alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":{let o=this.flowScalar(this.type);!n||n.value?
e.items.push({start:[],key:o,sep:[]}):n.sep?this.stack.push(o):Object.assign(n,{key:o,sep:[]});return}case"flow-map-end":case"\
flow-seq-end":e.end.push(this.sourceToken);return}let r=this.startBlockValue(e);r?this.stack.push(r):(yield*this.pop(),yield*this.
step())}else{let r=this.peek(2);if(r.type==="block-map"&&(this.type==="map-value-ind"&&r.indent===e.indent||this.type===
"newline"&&!r.items[r.items.length-1].sep))yield*this.pop(),yield*this.step();else if(this.type==="map-value-ind"&&r.type!==
"flow-collection"){let o=Li(r),i=pn(o);Xh(e);let s=e.end.splice(1,e.end.length);s.push(this.sourceToken);let a={type:"bl\
ock-map",offset:e.offset,indent:e.indent,items:[{start:i,key:e,sep:s}]};this.onKeyLine=!0,this.stack[this.stack.length-1]=
a}else yield*this.lineEnd(e)}}flowScalar(e){if(this.onNewLine){let n=this.source.indexOf(`
`)+1;for(;n!==0;)this.onNewLine(this.offset+n),n=this.source.indexOf(`
`,n)+1}return{type:e,offset:this.offset,indent:this.indent,source:this.source}}startBlockValue(e){switch(this.type){case"\
alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":return this.flowScalar(this.type);case"block-s\
calar-header":return{type:"block-scalar",offset:this.offset,indent:this.indent,props:[this.sourceToken],source:""};case"\
flow-map-start":case"flow-seq-start":return{type:"flow-collection",offset:this.offset,indent:this.indent,start:this.sourceToken,
items:[],end:[]};case"seq-item-ind":return{type:"block-seq",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken]}]};case"\
explicit-key-ind":{this.onKeyLine=!0;let n=Li(e),r=pn(n);return r.push(this.sourceToken),{type:"block-map",offset:this.offset,
indent:this.indent,items:[{start:r,explicitKey:!0}]}}case"map-value-ind":{this.onKeyLine=!0;let n=Li(e),r=pn(n);return{type:"\
block-map",offset:this.offset,indent:this.indent,items:[{start:r,key:null,sep:[this.sourceToken]}]}}}return null}atIndentedComment(e,n){
return this.type!=="comment"||this.indent<=n?!1:e.every(r=>r.type==="newline"||r.type==="space")}*documentEnd(e){this.type!==
"doc-mode"&&(e.end?e.end.push(this.sourceToken):e.end=[this.sourceToken],this.type==="newline"&&(yield*this.pop()))}*lineEnd(e){
switch(this.type){case"comma":case"doc-start":case"doc-end":case"flow-seq-end":case"flow-map-end":case"map-value-ind":yield*this.
pop(),yield*this.step();break;case"newline":this.onKeyLine=!1;default:e.end?e.end.push(this.sourceToken):e.end=[this.sourceToken],
this.type==="newline"&&(yield*this.pop())}}};Zh.Parser=Mc});var om=O(_r=>{"use strict";l();var em=Ac(),sO=yr(),Tr=br(),aO=ka(),cO=U(),lO=Lc(),tm=jc();function nm(t){let e=t.prettyErrors!==
!1;return{lineCounter:t.lineCounter||e&&new lO.LineCounter||null,prettyErrors:e}}function uO(t,e={}){let{lineCounter:n,prettyErrors:r}=nm(
e),o=new tm.Parser(n?.addNewLine),i=new em.Composer(e),s=Array.from(i.compose(o.parse(t)));if(r&&n)for(let a of s)a.errors.
forEach(Tr.prettifyError(t,n)),a.warnings.forEach(Tr.prettifyError(t,n));return s.length>0?s:Object.assign([],{empty:!0},
i.streamInfo())}function rm(t,e={}){let{lineCounter:n,prettyErrors:r}=nm(e),o=new tm.Parser(n?.addNewLine),i=new em.Composer(
e),s=null;for(let a of i.compose(o.parse(t),!0,t.length))if(!s)s=a;else if(s.options.logLevel!=="silent"){s.errors.push(
new Tr.YAMLParseError(a.range.slice(0,2),"MULTIPLE_DOCS","Source contains multiple documents; please use YAML.parseAllDo\
cuments()"));break}return r&&n&&(s.errors.forEach(Tr.prettifyError(t,n)),s.warnings.forEach(Tr.prettifyError(t,n))),s}function fO(t,e,n){
let r;typeof e=="function"?r=e:n===void 0&&e&&typeof e=="object"&&(n=e);let o=rm(t,n);if(!o)return null;if(o.warnings.forEach(
i=>aO.warn(o.options.logLevel,i)),o.errors.length>0){if(o.options.logLevel!=="silent")throw o.errors[0];o.errors=[]}return o.
toJS(Object.assign({reviver:r},n))}function dO(t,e,n){let r=null;if(typeof e=="function"||Array.isArray(e)?r=e:n===void 0&&
e&&(n=e),typeof n=="string"&&(n=n.length),typeof n=="number"){let o=Math.round(n);n=o<1?void 0:o>8?{indent:8}:{indent:o}}
if(t===void 0){let{keepUndefined:o}=n??e??{};if(!o)return}return cO.isDocument(t)&&!r?t.toString(n):new sO.Document(t,r,
n).toString(n)}_r.parse=fO;_r.parseAllDocuments=uO;_r.parseDocument=rm;_r.stringify=dO});var qc=O(G=>{"use strict";l();var pO=Ac(),hO=yr(),mO=rc(),Dc=br(),yO=er(),wt=U(),gO=pt(),wO=ne(),bO=mt(),SO=yt(),kO=Pi(),
EO=Pc(),AO=Lc(),TO=jc(),ji=om(),im=zn();G.Composer=pO.Composer;G.Document=hO.Document;G.Schema=mO.Schema;G.YAMLError=Dc.
YAMLError;G.YAMLParseError=Dc.YAMLParseError;G.YAMLWarning=Dc.YAMLWarning;G.Alias=yO.Alias;G.isAlias=wt.isAlias;G.isCollection=
wt.isCollection;G.isDocument=wt.isDocument;G.isMap=wt.isMap;G.isNode=wt.isNode;G.isPair=wt.isPair;G.isScalar=wt.isScalar;
G.isSeq=wt.isSeq;G.Pair=gO.Pair;G.Scalar=wO.Scalar;G.YAMLMap=bO.YAMLMap;G.YAMLSeq=SO.YAMLSeq;G.CST=kO;G.Lexer=EO.Lexer;G.
LineCounter=AO.LineCounter;G.Parser=TO.Parser;G.parse=ji.parse;G.parseAllDocuments=ji.parseAllDocuments;G.parseDocument=
ji.parseDocument;G.stringify=ji.stringify;G.visit=im.visit;G.visitAsync=im.visitAsync});function al(t,e="and"){return t.length<3?t.join(` ${e} `):`${t.slice(0,-1).join(", ")}, ${e} ${t[t.length-1]}`}function Oe(t,e,n){
return ny.set(t,e),Nx(n,t)}function Nx(t,e){return n;function n(...r){let o=Error.stackTraceLimit;cl()&&(Error.stackTraceLimit=
0);let i=new t;cl()&&(Error.stackTraceLimit=o);let s=Lx(e,r,i);return Object.defineProperties(i,{message:{value:s,enumerable:!1,
writable:!0,configurable:!0},toString:{value(){return`${this.name} [${e}]: ${this.message}`},enumerable:!1,writable:!0,configurable:!0}}),
$x(i),i.code=e,i}}function cl(){try{if(ty.default.startupSnapshot.isBuildingSnapshot())return!1}catch{}let t=Object.getOwnPropertyDescriptor(
Error,"stackTraceLimit");return t===void 0?Object.isExtensible(Error):vx.call(t,"writable")&&t.writable!==void 0?t.writable:
t.set!==void 0}function Px(t){let e=Ix+t.name;return Object.defineProperty(t,"name",{value:e}),t}function Lx(t,e,n){let r=ny.
get(t);if(bt.default.ok(r!==void 0,"expected `message` to be found"),typeof r=="function")return bt.default.ok(r.length<=
e.length,`Code: ${t}; The provided arguments length (${e.length}) does not match the required ones (${r.length}).`),Reflect.
apply(r,n,e);let o=/%[dfijoOs]/g,i=0;for(;o.exec(r)!==null;)i++;return bt.default.ok(i===e.length,`Code: ${t}; The provi\
ded arguments length (${e.length}) does not match the required ones (${i}).`),e.length===0?r:(e.unshift(r),Reflect.apply(
mn.format,null,e))}function Mx(t){if(t==null)return String(t);if(typeof t=="function"&&t.name)return`function ${t.name}`;
if(typeof t=="object")return t.constructor&&t.constructor.name?`an instance of ${t.constructor.name}`:`${(0,mn.inspect)(
t,{depth:-1})}`;let e=(0,mn.inspect)(t,{colors:!1});return e.length>28&&(e=`${e.slice(0,25)}...`),`type ${typeof t} (${e}\
)`}var ty,bt,mn,vx,Rx,Cx,te,ny,Ix,ey,$x,Cr=v(()=>{l();ty=Z(require("node:v8"),1),bt=Z(require("node:assert"),1),mn=require("node:util"),
vx={}.hasOwnProperty,Rx=/^([A-Z][a-z\d]*)+$/,Cx=new Set(["string","function","number","object","Function","Object","bool\
ean","bigint","symbol"]),te={};ny=new Map,Ix="__node_internal_";te.ERR_INVALID_ARG_TYPE=Oe("ERR_INVALID_ARG_TYPE",(t,e,n)=>{
bt.default.ok(typeof t=="string","'name' must be a string"),Array.isArray(e)||(e=[e]);let r="The ";if(t.endsWith(" argum\
ent"))r+=`${t} `;else{let a=t.includes(".")?"property":"argument";r+=`"${t}" ${a} `}r+="must be ";let o=[],i=[],s=[];for(let a of e)
bt.default.ok(typeof a=="string","All expected entries have to be of type string"),Cx.has(a)?o.push(a.toLowerCase()):Rx.
exec(a)===null?(bt.default.ok(a!=="object",'The value "object" should be written as "Object"'),s.push(a)):i.push(a);if(i.
length>0){let a=o.indexOf("object");a!==-1&&(o.slice(a,1),i.push("Object"))}return o.length>0&&(r+=`${o.length>1?"one of\
 type":"of type"} ${al(o,"or")}`,(i.length>0||s.length>0)&&(r+=" or ")),i.length>0&&(r+=`an instance of ${al(i,"or")}`,s.
length>0&&(r+=" or ")),s.length>0&&(s.length>1?r+=`one of ${al(s,"or")}`:(s[0].toLowerCase()!==s[0]&&(r+="an "),r+=`${s[0]}`)),
r+=`. Received ${Mx(n)}`,r},TypeError);te.ERR_INVALID_MODULE_SPECIFIER=Oe("ERR_INVALID_MODULE_SPECIFIER",(t,e,n=void 0)=>`\
Invalid module "${t}" ${e}${n?` imported from ${n}`:""}`,TypeError);te.ERR_INVALID_PACKAGE_CONFIG=Oe("ERR_INVALID_PACKAG\
E_CONFIG",(t,e,n)=>`Invalid package config ${t}${e?` while importing ${e}`:""}${n?`. ${n}`:""}`,Error);te.ERR_INVALID_PACKAGE_TARGET=
Oe("ERR_INVALID_PACKAGE_TARGET",(t,e,n,r=!1,o=void 0)=>{let i=typeof n=="string"&&!r&&n.length>0&&!n.startsWith("./");return e===
"."?(bt.default.ok(r===!1),`Invalid "exports" main target ${JSON.stringify(n)} defined in the package config ${t}package\
.json${o?` imported from ${o}`:""}${i?'; targets must start with "./"':""}`):`Invalid "${r?"imports":"exports"}" target ${JSON.
stringify(n)} defined for '${e}' in the package config ${t}package.json${o?` imported from ${o}`:""}${i?'; targets must \
start with "./"':""}`},Error);te.ERR_MODULE_NOT_FOUND=Oe("ERR_MODULE_NOT_FOUND",(t,e,n=!1)=>`Cannot find ${n?"module":"p\
ackage"} '${t}' imported from ${e}`,Error);te.ERR_NETWORK_IMPORT_DISALLOWED=Oe("ERR_NETWORK_IMPORT_DISALLOWED","import o\
f '%s' by %s is not supported: %s",Error);te.ERR_PACKAGE_IMPORT_NOT_DEFINED=Oe("ERR_PACKAGE_IMPORT_NOT_DEFINED",(t,e,n)=>`\
Package import specifier "${t}" is not defined${e?` in package ${e}package.json`:""} imported from ${n}`,TypeError);te.ERR_PACKAGE_PATH_NOT_EXPORTED=
Oe("ERR_PACKAGE_PATH_NOT_EXPORTED",(t,e,n=void 0)=>e==="."?`No "exports" main defined in ${t}package.json${n?` imported \
from ${n}`:""}`:`Package subpath '${e}' is not defined by "exports" in ${t}package.json${n?` imported from ${n}`:""}`,Error);
te.ERR_UNSUPPORTED_DIR_IMPORT=Oe("ERR_UNSUPPORTED_DIR_IMPORT","Directory import '%s' is not supported resolving ES modul\
es imported from %s",Error);te.ERR_UNSUPPORTED_RESOLVE_REQUEST=Oe("ERR_UNSUPPORTED_RESOLVE_REQUEST",'Failed to resolve m\
odule specifier "%s" from "%s": Invalid relative URL or base scheme is not hierarchical.',TypeError);te.ERR_UNKNOWN_FILE_EXTENSION=
Oe("ERR_UNKNOWN_FILE_EXTENSION",(t,e)=>`Unknown file extension "${t}" for ${e}`,TypeError);te.ERR_INVALID_ARG_VALUE=Oe("\
ERR_INVALID_ARG_VALUE",(t,e,n="is invalid")=>{let r=(0,mn.inspect)(e);return r.length>128&&(r=`${r.slice(0,128)}...`),`T\
he ${t.includes(".")?"property":"argument"} '${t}' ${n}. Received ${r}`},TypeError);$x=Px(function(t){let e=cl();return e&&
(ey=Error.stackTraceLimit,Error.stackTraceLimit=Number.POSITIVE_INFINITY),Error.captureStackTrace(t),e&&(Error.stackTraceLimit=
ey),t})});function ll(t,{base:e,specifier:n}){let r=ry.get(t);if(r)return r;let o;try{o=oy.default.readFileSync(iy.default.toNamespacedPath(
t),"utf8")}catch(s){let a=s;if(a.code!=="ENOENT")throw a}let i={exists:!1,pjsonPath:t,main:void 0,name:void 0,type:"none",
exports:void 0,imports:void 0};if(o!==void 0){let s;try{s=JSON.parse(o)}catch(a){let c=a,u=new jx(t,(e?`"${n}" from `:"")+
(0,Ji.fileURLToPath)(e||n),c.message);throw u.cause=c,u}i.exists=!0,Ir.call(s,"name")&&typeof s.name=="string"&&(i.name=
s.name),Ir.call(s,"main")&&typeof s.main=="string"&&(i.main=s.main),Ir.call(s,"exports")&&(i.exports=s.exports),Ir.call(
s,"imports")&&(i.imports=s.imports),Ir.call(s,"type")&&(s.type==="commonjs"||s.type==="module")&&(i.type=s.type)}return ry.
set(t,i),i}function zi(t){let e=new URL("package.json",t);for(;!e.pathname.endsWith("node_modules/package.json");){let o=ll(
(0,Ji.fileURLToPath)(e),{specifier:t});if(o.exists)return o;let i=e;if(e=new URL("../package.json",e),e.pathname===i.pathname)
break}return{pjsonPath:(0,Ji.fileURLToPath)(e),exists:!1,type:"none"}}function ul(t){return zi(t).type}var oy,iy,Ji,Ir,jx,
ry,fl=v(()=>{l();oy=Z(require("node:fs"),1),iy=Z(require("node:path"),1),Ji=require("node:url");Cr();Ir={}.hasOwnProperty,
{ERR_INVALID_PACKAGE_CONFIG:jx}=te,ry=new Map});function Fx(t){return t&&/\s*(text|application)\/javascript\s*(;\s*charset=utf-?8\s*)?/i.test(t)?"module":t==="applicati\
on/json"?"json":null}function Bx(t){let{1:e}=/^([^/]+\/[^;,]+)[^,]*?(;base64)?,/.exec(t.pathname)||[null,null,null];return Fx(
e)}function Kx(t){let e=t.pathname,n=e.length;for(;n--;){let r=e.codePointAt(n);if(r===47)return"";if(r===46)return e.codePointAt(
n-1)===47?"":e.slice(n)}return""}function Hx(t,e,n){let r=Kx(t);if(r===".js"){let s=ul(t);return s!=="none"?s:"commonjs"}
if(r===""){let s=ul(t);return s==="none"||s==="commonjs"?"commonjs":"module"}let o=Ux[r];if(o)return o;if(n)return;let i=(0,cy.fileURLToPath)(
t);throw new Dx(r,i)}function ay(){}function dl(t,e){let n=t.protocol;return qx.call(sy,n)&&sy[n](t,e,!0)||null}var cy,Dx,
qx,Ux,sy,ly=v(()=>{l();cy=require("node:url");fl();Cr();({ERR_UNKNOWN_FILE_EXTENSION:Dx}=te),qx={}.hasOwnProperty,Ux={__proto__:null,
".cjs":"commonjs",".js":"module",".json":"json",".mjs":"module"};sy={__proto__:null,"data:":Bx,"file:":Hx,"http:":ay,"ht\
tps:":ay,"node:"(){return"builtin"}}});function Wx(){return uy}function Vx(){return Yx}function pl(t){if(t!==void 0&&t!==Wx()){if(!Array.isArray(t))throw new Gx(
"conditions",t,"expected an array");return new Set(t)}return Vx()}var Gx,uy,Yx,fy=v(()=>{l();Cr();({ERR_INVALID_ARG_VALUE:Gx}=
te),uy=Object.freeze(["node","import"]),Yx=new Set(uy)});function yy(t,e,n,r,o,i,s){if(St.default.noDeprecation)return;let a=(0,F.fileURLToPath)(r),c=tv.exec(s?t:e)!==null;St.default.
emitWarning(`Use of deprecated ${c?"double slash":"leading or trailing slash matching"} resolving "${t}" for module requ\
est "${e}" ${e===n?"":`matched to "${n}" `}in the "${o?"imports":"exports"}" field module resolution of the package at ${a}${i?
` imported from ${(0,F.fileURLToPath)(i)}`:""}.`,"DeprecationWarning","DEP0166")}function gy(t,e,n,r){if(St.default.noDeprecation||
dl(t,{parentURL:n.href})!=="module")return;let i=(0,F.fileURLToPath)(t.href),s=(0,F.fileURLToPath)(new URL(".",e)),a=(0,F.fileURLToPath)(
n);r?wl.default.resolve(s,r)!==i&&St.default.emitWarning(`Package ${s} has a "main" field set to "${r}", excluding the f\
ull filename and extension to the resolved file at "${i.slice(s.length)}", imported from ${a}.
 Automatic extension resolution of the "main" field is deprecated for ES modules.`,"DeprecationWarning","DEP0151"):St.default.
emitWarning(`No "main" or "exports" field defined in the package.json for ${s} resolving the main entry point "${i.slice(
s.length)}", imported from ${a}.
Default "index" lookups for the main are deprecated for ES modules.`,"DeprecationWarning","DEP0151")}function ky(t){try{
return(0,Pr.statSync)(t)}catch{}}function ml(t){let e=(0,Pr.statSync)(t,{throwIfNoEntry:!1}),n=e?e.isFile():void 0;return n??
!1}function nv(t,e,n){let r;if(e.main!==void 0){if(r=new URL(e.main,t),ml(r))return r;let s=[`./${e.main}.js`,`./${e.main}\
.json`,`./${e.main}.node`,`./${e.main}/index.js`,`./${e.main}/index.json`,`./${e.main}/index.node`],a=-1;for(;++a<s.length&&
(r=new URL(s[a],t),!ml(r));)r=void 0;if(r)return gy(r,t,n,e.main),r}let o=["./index.js","./index.json","./index.node"],i=-1;
for(;++i<o.length&&(r=new URL(o[i],t),!ml(r));)r=void 0;if(r)return gy(r,t,n,e.main),r;throw new bl((0,F.fileURLToPath)(
new URL(".",t)),(0,F.fileURLToPath)(n))}function rv(t,e,n){if(ev.exec(t.pathname)!==null)throw new es(t.pathname,'must n\
ot include encoded "/" or "\\" characters',(0,F.fileURLToPath)(e));let r;try{r=(0,F.fileURLToPath)(t)}catch(i){let s=i;throw Object.
defineProperty(s,"input",{value:String(t)}),Object.defineProperty(s,"module",{value:String(e)}),s}let o=ky(r.endsWith("/")?
r.slice(-1):r);if(o&&o.isDirectory()){let i=new Qx(r,(0,F.fileURLToPath)(e));throw i.url=String(t),i}if(!o||!o.isFile()){
let i=new bl(r||t.pathname,e&&(0,F.fileURLToPath)(e),!0);throw i.url=String(t),i}if(!n){let i=(0,Pr.realpathSync)(r),{search:s,
hash:a}=t;t=(0,F.pathToFileURL)(i+(r.endsWith(wl.default.sep)?"/":"")),t.search=s,t.hash=a}return t}function ov(t,e,n){return new zx(
t,e&&(0,F.fileURLToPath)(new URL(".",e)),(0,F.fileURLToPath)(n))}function yl(t,e,n){return new Xx((0,F.fileURLToPath)(new URL(
".",e)),t,n&&(0,F.fileURLToPath)(n))}function iv(t,e,n,r,o){let i=`request is not a valid match in pattern "${e}" for th\
e "${r?"imports":"exports"}" resolution of ${(0,F.fileURLToPath)(n)}`;throw new es(t,i,o&&(0,F.fileURLToPath)(o))}function Nr(t,e,n,r,o){
return e=typeof e=="object"&&e!==null?JSON.stringify(e,null,""):`${e}`,new Jx((0,F.fileURLToPath)(new URL(".",n)),t,e,r,
o&&(0,F.fileURLToPath)(o))}function sv(t,e,n,r,o,i,s,a,c){if(e!==""&&!i&&t[t.length-1]!=="/")throw Nr(n,t,r,s,o);if(!t.startsWith(
"./")){if(s&&!t.startsWith("../")&&!t.startsWith("/")){let p=!1;try{new URL(t),p=!0}catch{}if(!p){let g=i?Xi.call(Qi,t,()=>e):
t+e;return Ay(g,r,c)}}throw Nr(n,t,r,s,o)}if(py.exec(t.slice(2))!==null)if(hy.exec(t.slice(2))===null){if(!a){let p=i?n.
replace("*",()=>e):n+e,g=i?Xi.call(Qi,t,()=>e):t;yy(g,p,n,r,s,o,!0)}}else throw Nr(n,t,r,s,o);let u=new URL(t,r),d=u.pathname,
f=new URL(".",r).pathname;if(!d.startsWith(f))throw Nr(n,t,r,s,o);if(e==="")return u;if(py.exec(e)!==null){let p=i?n.replace(
"*",()=>e):n+e;if(hy.exec(e)===null){if(!a){let g=i?Xi.call(Qi,t,()=>e):t;yy(g,p,n,r,s,o,!1)}}else iv(p,n,r,s,o)}return i?
new URL(Xi.call(Qi,u.href,()=>e)):new URL(e,u)}function av(t){let e=Number(t);return`${e}`!==t?!1:e>=0&&e<4294967295}function yn(t,e,n,r,o,i,s,a,c){
if(typeof e=="string")return sv(e,n,r,t,o,i,s,a,c);if(Array.isArray(e)){let u=e;if(u.length===0)return null;let d,f=-1;for(;++f<
u.length;){let p=u[f],g;try{g=yn(t,p,n,r,o,i,s,a,c)}catch(k){let y=k;if(d=y,y.code==="ERR_INVALID_PACKAGE_TARGET")continue;
throw k}if(g!==void 0){if(g===null){d=null;continue}return g}}if(d==null)return null;throw d}if(typeof e=="object"&&e!==
null){let u=Object.getOwnPropertyNames(e),d=-1;for(;++d<u.length;){let f=u[d];if(av(f))throw new by((0,F.fileURLToPath)(
t),o,'"exports" cannot contain numeric property keys.')}for(d=-1;++d<u.length;){let f=u[d];if(f==="default"||c&&c.has(f)){
let p=e[f],g=yn(t,p,n,r,o,i,s,a,c);if(g===void 0)continue;return g}}return null}if(e===null)return null;throw Nr(r,e,t,s,
o)}function cv(t,e,n){if(typeof t=="string"||Array.isArray(t))return!0;if(typeof t!="object"||t===null)return!1;let r=Object.
getOwnPropertyNames(t),o=!1,i=0,s=-1;for(;++s<r.length;){let a=r[s],c=a===""||a[0]!==".";if(i++===0)o=c;else if(o!==c)throw new by(
(0,F.fileURLToPath)(e),n,`"exports" cannot contain some keys starting with '.' and some not. The exports object must eit\
her be an object of package subpath keys or an object of main entry condition name keys only.`)}return o}function lv(t,e,n){
if(St.default.noDeprecation)return;let r=(0,F.fileURLToPath)(e);my.has(r+"|"+t)||(my.add(r+"|"+t),St.default.emitWarning(
`Use of deprecated trailing slash pattern mapping "${t}" in the "exports" field module resolution of the package at ${r}${n?
` imported from ${(0,F.fileURLToPath)(n)}`:""}. Mapping specifiers ending in "/" is no longer supported.`,"DeprecationWa\
rning","DEP0155"))}function wy(t,e,n,r,o){let i=n.exports;if(cv(i,t,r)&&(i={".":i}),Sy.call(i,e)&&!e.includes("*")&&!e.endsWith(
"/")){let d=i[e],f=yn(t,d,"",e,r,!1,!1,!1,o);if(f==null)throw yl(e,t,r);return f}let s="",a="",c=Object.getOwnPropertyNames(
i),u=-1;for(;++u<c.length;){let d=c[u],f=d.indexOf("*");if(f!==-1&&e.startsWith(d.slice(0,f))){e.endsWith("/")&&lv(e,t,r);
let p=d.slice(f+1);e.length>=d.length&&e.endsWith(p)&&Ey(s,d)===1&&d.lastIndexOf("*")===f&&(s=d,a=e.slice(f,e.length-p.length))}}
if(s){let d=i[s],f=yn(t,d,a,s,r,!0,!1,e.endsWith("/"),o);if(f==null)throw yl(e,t,r);return f}throw yl(e,t,r)}function Ey(t,e){
let n=t.indexOf("*"),r=e.indexOf("*"),o=n===-1?t.length:n+1,i=r===-1?e.length:r+1;return o>i?-1:i>o||n===-1?1:r===-1||t.
length>e.length?-1:e.length>t.length?1:0}function uv(t,e,n){if(t==="#"||t.startsWith("#/")||t.endsWith("/")){let i="is n\
ot a valid internal imports specifier name";throw new es(t,i,(0,F.fileURLToPath)(e))}let r,o=zi(e);if(o.exists){r=(0,F.pathToFileURL)(
o.pjsonPath);let i=o.imports;if(i)if(Sy.call(i,t)&&!t.includes("*")){let s=yn(r,i[t],"",t,e,!1,!0,!1,n);if(s!=null)return s}else{
let s="",a="",c=Object.getOwnPropertyNames(i),u=-1;for(;++u<c.length;){let d=c[u],f=d.indexOf("*");if(f!==-1&&t.startsWith(
d.slice(0,-1))){let p=d.slice(f+1);t.length>=d.length&&t.endsWith(p)&&Ey(s,d)===1&&d.lastIndexOf("*")===f&&(s=d,a=t.slice(
f,t.length-p.length))}}if(s){let d=i[s],f=yn(r,d,a,s,e,!0,!0,!1,n);if(f!=null)return f}}}throw ov(t,r,e)}function fv(t,e){
let n=t.indexOf("/"),r=!0,o=!1;t[0]==="@"&&(o=!0,n===-1||t.length===0?r=!1:n=t.indexOf("/",n+1));let i=n===-1?t:t.slice(
0,n);if(Zx.exec(i)!==null&&(r=!1),!r)throw new es(t,"is not a valid package name",(0,F.fileURLToPath)(e));let s="."+(n===
-1?"":t.slice(n));return{packageName:i,packageSubpath:s,isScoped:o}}function Ay(t,e,n){if(Zi.builtinModules.includes(t))
return new URL("node:"+t);let{packageName:r,packageSubpath:o,isScoped:i}=fv(t,e),s=zi(e);if(s.exists){let d=(0,F.pathToFileURL)(
s.pjsonPath);if(s.name===r&&s.exports!==void 0&&s.exports!==null)return wy(d,o,s,e,n)}let a=new URL("./node_modules/"+r+
"/package.json",e),c=(0,F.fileURLToPath)(a),u;do{let d=ky(c.slice(0,-13));if(!d||!d.isDirectory()){u=c,a=new URL((i?"../\
../../../node_modules/":"../../../node_modules/")+r+"/package.json",a),c=(0,F.fileURLToPath)(a);continue}let f=ll(c,{base:e,
specifier:t});return f.exports!==void 0&&f.exports!==null?wy(a,o,f,e,n):o==="."?nv(a,f,e):new URL(o,a)}while(c.length!==
u.length);throw new bl(r,(0,F.fileURLToPath)(e),!1)}function dv(t){return t[0]==="."&&(t.length===1||t[1]==="/"||t[1]===
"."&&(t.length===2||t[2]==="/"))}function Sl(t){return t===""?!1:t[0]==="/"?!0:dv(t)}function kl(t,e,n,r){n===void 0&&(n=
pl());let o=e.protocol,s=o==="data:"||o==="http:"||o==="https:",a;if(Sl(t))try{a=new URL(t,e)}catch(c){let u=new dy(t,e);
throw u.cause=c,u}else if(o==="file:"&&t[0]==="#")a=uv(t,e,n);else try{a=new URL(t)}catch(c){if(s&&!Zi.builtinModules.includes(
t)){let u=new dy(t,e);throw u.cause=c,u}a=Ay(t,e,n)}return gl.default.ok(a!==void 0,"expected to be defined"),a.protocol!==
"file:"?a:rv(a,e,r)}function pv(t,e,n){if(n){let r=n.protocol;if(r==="http:"||r==="https:"){if(Sl(t)){let o=e?.protocol;
if(o&&o!=="https:"&&o!=="http:")throw new hl(t,n,"remote imports cannot import from a local location.");return{url:e?.href||
""}}throw Zi.builtinModules.includes(t)?new hl(t,n,"remote imports cannot import from a local location."):new hl(t,n,"on\
ly relative and absolute specifiers are supported.")}}}function hv(t){return!!(t&&typeof t=="object"&&"href"in t&&typeof t.
href=="string"&&"protocol"in t&&typeof t.protocol=="string"&&t.href&&t.protocol)}function mv(t){if(t!==void 0&&typeof t!=
"string"&&!hv(t))throw new te.ERR_INVALID_ARG_TYPE("parentURL",["string","URL"],t)}function Ty(t,e={}){let{parentURL:n}=e;
gl.default.ok(n!==void 0,"expected `parentURL` to be defined"),mv(n);let r;if(n)try{r=new URL(n)}catch{}let o,i;try{if(o=
Sl(t)?new URL(t,r):new URL(t),i=o.protocol,i==="data:")return{url:o.href,format:null}}catch{}let s=pv(t,o,r);if(s)return s;
if(i===void 0&&o&&(i=o.protocol),i==="node:")return{url:t};if(o&&o.protocol==="node:")return{url:t};let a=pl(e.conditions),
c=kl(t,new URL(n),a,!1);return{url:c.href,format:dl(c,{parentURL:n})}}var gl,Pr,St,F,wl,Zi,Xi,hl,es,by,Jx,bl,zx,Xx,Qx,dy,
Sy,py,hy,Zx,Qi,ev,my,tv,El=v(()=>{l();gl=Z(require("node:assert"),1),Pr=require("node:fs"),St=Z(require("node:process"),1),
F=require("node:url"),wl=Z(require("node:path"),1),Zi=require("node:module");ly();Cr();fl();fy();Xi=RegExp.prototype[Symbol.
replace],{ERR_NETWORK_IMPORT_DISALLOWED:hl,ERR_INVALID_MODULE_SPECIFIER:es,ERR_INVALID_PACKAGE_CONFIG:by,ERR_INVALID_PACKAGE_TARGET:Jx,
ERR_MODULE_NOT_FOUND:bl,ERR_PACKAGE_IMPORT_NOT_DEFINED:zx,ERR_PACKAGE_PATH_NOT_EXPORTED:Xx,ERR_UNSUPPORTED_DIR_IMPORT:Qx,
ERR_UNSUPPORTED_RESOLVE_REQUEST:dy}=te,Sy={}.hasOwnProperty,py=/(^|\\|\/)((\.|%2e)(\.|%2e)?|(n|%6e|%4e)(o|%6f|%4f)(d|%64|%44)(e|%65|%45)(_|%5f)(m|%6d|%4d)(o|%6f|%4f)(d|%64|%44)(u|%75|%55)(l|%6c|%4c)(e|%65|%45)(s|%73|%53))?(\\|\/|$)/i,
hy=/(^|\\|\/)((\.|%2e)(\.|%2e)?|(n|%6e|%4e)(o|%6f|%4f)(d|%64|%44)(e|%65|%45)(_|%5f)(m|%6d|%4d)(o|%6f|%4f)(d|%64|%44)(u|%75|%55)(l|%6c|%4c)(e|%65|%45)(s|%73|%53))(\\|\/|$)/i,
Zx=/^\.|%|\\/,Qi=/\*/g,ev=/%2f|%5c/i,my=new Set,tv=/[/\\]{2}/});var _y={};Ln(_y,{moduleResolve:()=>kl,resolve:()=>yv});function yv(t,e){if(!e)throw new Error("Please pass `parent`: `im\
port-meta-resolve` cannot ponyfill that");try{return Ty(t,{parentURL:e}).url}catch(n){let r=n;if((r.code==="ERR_UNSUPPOR\
TED_DIR_IMPORT"||r.code==="ERR_MODULE_NOT_FOUND")&&typeof r.url=="string")return r.url;throw n}}var Oy=v(()=>{l();El();El()});function Cy(t){let e={isConnected:!1,headersAt:z()},n=()=>{e.isConnected=!0},r=o=>o.connecting?o.once("connect",n):n();return t.
socket===null?t.once("socket",r):r(t.socket),t.once("response",()=>{e.headersAt=z()}),e}function Iy(t){let e=t.end.bind(
t);t.end=(...n)=>{let r=n.at(-1);if(typeof r!="function")return e(...n);let o=i=>{i??r()};return e(...n.slice(0,-1),o)}}
function ns(t){return t===void 0?0:Math.floor((z()-t.headersAt)/1e3)*1e3}var Al=v(()=>{"use strict";l();it()});function rs(t){let{getCACertificates:e}=Tl,n=e?.("default")??[...Tl.rootCertificates,...Ev()],r=process.versions.bun===void 0?
[]:e?.("system")??[];return[...n,...r,t]}function Ev(){try{return[(0,Ny.readFileSync)(process.env.NODE_EXTRA_CA_CERTS??"",
"utf8")]}catch{return[]}}var Ny,Tl,_l=v(()=>{"use strict";l();Ny=require("node:fs"),Tl=Z(require("node:tls"))});function Mt(t){let e=t!==void 0&&Av.test(t)?Date.parse(t):NaN;return Number.isNaN(e)?void 0:e}var Av,os=v(()=>{"use stri\
ct";l();Av=/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/});function Ol(t){return[t.headers,t.json,t.form].flatMap(e=>Object.values(e??{}).filter(n=>n instanceof $))}function Lr(t){
let e=Ol(t).flatMap(Ov),n=r=>tt(uo(r,e));return r=>{if(!(typeof r!="string"||r.trim()===""))return n(Tt(n(_v(r)))).slice(
0,Tv)||void 0}}function _v(t){if(t.length<=Py)return t;let e=t.slice(0,Py);return e.slice(0,Math.max(0,e.search(/\s\S*$/)))}
function Ov(t){let e=t.reveal(),n=e.replace(/^Bearer /,""),r=[new URLSearchParams({"":n}).toString().slice(1),encodeURIComponent(
n),JSON.stringify(n).slice(1,-1),Buffer.from(n).toString("base64").replace(/=+$/,"")];return[e,n,...r].map(o=>new $(o))}
var Py,Tv,xl=v(()=>{"use strict";l();H();Py=4096,Tv=500});function xv({host:t,port:e}){return`${(0,as.isIPv6)(t??"")?`[${t}]`:t}:${e}`}function vv(t,{proxy:e,ca:n,signal:r,timeoutMs:o}){
let i=AbortSignal.timeout(o),s=e.hostname.replace(/^\[(.*)\]$/,"$1"),a={servername:(0,as.isIP)(s)?"":s,rejectUnauthorized:!0,
...n&&{ca:[...n]}},c={method:"CONNECT",host:s,port:e.port,path:t,agent:!1,headers:{host:t,...Rv(e)},signal:AbortSignal.any(
[r,i]),...a};return new Promise((u,d)=>{let f=e.protocol==="https:"?(0,ss.request)(c):(0,$y.request)(c);f.on("connect",({
statusCode:p=0},g)=>{if(p===200)return u(g);g.destroy(),d(new bn(p>=500?vl:"EPROXYREFUSED",p))}),f.on("error",({code:p="\
unknown error"})=>{d(new bn(i.aborted?"ETIMEDOUT":p))}),f.end()})}function Rv({username:t,password:e}){return t===""&&e===
""?{}:{"proxy-authorization":`Basic ${Buffer.from(`${decodeURIComponent(t)}:${decodeURIComponent(e)}`).toString("base64")}`}}
var $y,ss,as,vl,bn,is,cs=v(()=>{"use strict";l();$y=require("node:http"),ss=require("node:https"),as=require("node:net"),
vl="EPROXYFAILED",bn=class extends Error{constructor(n,r){super("the proxy would not connect");this.code=n;this.status=r}},
is=class extends ss.Agent{#e;constructor(e){super({keepAlive:!1}),this.#e=e}createConnection(e,n){let r=o=>super.createConnection(
{...e,socket:o});vv(xv(e),this.#e).then(r).then(o=>n?.(null,o),o=>n?.(o,void 0))}}});function jt(t){let{host:e,pathname:n}=new URL(t.url);return`${t.method} ${e}${n}`}function Ly(t,e,n){let{response:r,cause:o}=t,
i=(t.request?.retryCount??0)+1,s=i>1?` after ${i} attempts`:"";if(r!==void 0&&r.statusCode>=400)return $v(s,e,Lv(r,e,ns(
n.attempt)));if(n.outOfTime||t.name==="TimeoutError")return Iv(s,e,n);if(o instanceof bn)return Pv(o,e,s);let a=My(t.code??
"unknown error");return new q(b`${jt(e)} failed${s}: ${qy(a)} (${a}).`,Cv(a,n))}function My(t){return t.startsWith("ERR_\
SSL_")?"EPROTO":t}function Cv(t,{attempt:e}){return e?.isConnected!==!0?"unreachable":t==="EPROTO"||t.startsWith("HPE_")?
"reply":"cut"}function Iv(t,e,{outOfTime:n,attempt:r}){let o=jt(e);if(r?.isConnected!==!0)return new q(b`${o} failed${t}: no connection in time (ETIMEDOUT). Check the network and any proxy, or raise ${T(
"timeout")}.`,"unreachable");let i=n?"did not end within the time allowed":"did not answer in time";return new q(b`${o} ${i}${t}. Raise ${T(
"timeout")} if the service is just slow.`,"timeout")}function qy(t){let e=jy[t]??Nv[t];return e!==void 0?e:/CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO/.
test(t)?b`its certificate is not trusted. If a proxy or a private installation has an authority of its own, name its file in ${T(
"caFile")} or NODE_EXTRA_CA_CERTS`:"no usable answer"}function Pv({code:t,status:e},n,r){let o=My(t),i=e===407?"it wants\
 a user and a password: write them into HTTPS_PROXY as http://user:password@host:port":"check HTTPS_PROXY, or name the h\
ost in NO_PROXY",s=e===void 0?b`: ${qy(o)} (${o})`:` (HTTP ${e})`;return new q(b`${jt(n)} failed${r}: the proxy would not connect${s}; ${i}.`,
"unreachable")}function $v(t,e,n){let r=[`HTTP ${n.status}`,...n.iamCode===void 0?[]:[`code ${n.iamCode}`],...n.requestId===
void 0?[]:[`request id ${n.requestId}`]],o=n.serviceMessage===void 0?"":`: ${n.serviceMessage.replace(/\.?$/,".")}`,i=o===
""?".":"";return new q(`${jt(e)} was refused${t} (${r.join(", ")})${o}${i}`,"status",n)}function Lv(t,e,n){let r=fe(String(
t.body))??{},o=Lr(e),i=f=>[t.headers[f]].flat()[0],s=o(r.message??r.error_description??r.error),a=o(r.error),c=o(i("x-re\
quest-id")),u=Mt(i("date")),d=typeof r.code=="number"&&typeof r.message=="string";return{status:t.statusCode,...i("metad\
ata-flavor")==="Google"?{isMetadata:!0}:{},...d?{iamCode:r.code}:{},...a===void 0?{}:{oauthError:a},...s===void 0?{}:{serviceMessage:s},
...c===void 0?{}:{requestId:c},...u===void 0?{}:{serverTime:u+n}}}var jy,Dy,Nv,Rl=v(()=>{"use strict";l();M();ve();D();Al();
os();xl();cs();jy={ECONNREFUSED:"nothing listens there",ECONNRESET:"the connection was cut",ECONNABORTED:"the connection\
 was cut",EPIPE:"the connection was cut",ENOTFOUND:"there is no host of this name",EAI_AGAIN:"the name could not be look\
ed up",ENETUNREACH:"there is no way to this network",ENETDOWN:"this machine's network is down",EHOSTUNREACH:"there is no\
 way to this host",EHOSTDOWN:"this host is down",ETIMEDOUT:"no connection in time",EPROTO:"what answers there does not s\
peak TLS"},Dy=Object.keys(jy).filter(t=>t!=="EPROTO"),Nv={CERT_HAS_EXPIRED:"its certificate has expired, or this host's \
clock is wrong",CERT_NOT_YET_VALID:"its certificate is not valid yet, or this host's clock is wrong",ERR_TLS_CERT_ALTNAME_INVALID:"\
its certificate is another host's: the address is wrong, or something answers in its place"}});function Uy(t,e,n){if(t.statusCode>=300)throw jv(t,e);let r=Lr(e),o=Mv.flatMap(s=>{let a=r(t.headers[s]);return a===void 0?
[]:[[s,a]]}),i=Mt(t.headers.date);return{status:t.statusCode,headers:Object.fromEntries(o),body:new $(t.body),...i===void 0?
{}:{serverTime:i},ageMs:n}}function jv(t,e){let n=Dv(t.headers.location??"",e);return new q(b`${jt(e)} was answered with a redirect to ${n}, which is not followed: a credential goes only where it was meant to go. ${Fy}`,
"reply",{status:t.statusCode,...t.headers["metadata-flavor"]==="Google"?{isMetadata:!0}:{}})}function Dv(t,e){if(!URL.canParse(
t,e.url))return"an unknown place";let{host:n}=new URL(t,e.url),r=/^(?:[a-z][-+.\w]*:)?\/\/([^/?#]*)/i.exec(t)?.[1]??"";return r!==
""&&Lr(e)(r)!==r?et:Ol(e).map(s=>s.reveal().toLowerCase()).flatMap(s=>s.split(/[^-\w]+/)).filter(s=>s.length>=16).some(s=>n.
includes(s))?et:n}function By(t){return new q(b`${jt(t)} was answered with more than 64 KiB, which is no reply of Yandex Cloud. ${Fy}`,
"reply")}var Mv,Fy,Ky=v(()=>{"use strict";l();M();D();H();os();Rl();xl();Mv=["content-type","x-request-id","metadata-fla\
vor"];Fy=b`Check ${T("endpoint")}, ${T("iamEndpoint")} and any proxy.`});var Hy={};Ln(Hy,{getProxyForUrl:()=>Fv});function Uv(t){try{return new URL(t)}catch{return null}}function Fv(t){var e=(typeof t==
"string"?Uv(t):t)||{},n=e.protocol,r=e.host,o=e.port;if(typeof r!="string"||!r||typeof n!="string"||(n=n.split(":",1)[0],
r=r.replace(/:\d*$/,""),o=parseInt(o)||qv[n]||0,!Bv(r,o)))return"";var i=Cl(n+"_proxy")||Cl("all_proxy");return i&&i.indexOf(
"://")===-1&&(i=n+"://"+i),i}function Bv(t,e){var n=Cl("no_proxy").toLowerCase();return n?n==="*"?!1:n.split(/[,\s]/).every(
function(r){if(!r)return!0;var o=r.match(/^(.+):(\d+)$/),i=o?o[1]:r,s=o?parseInt(o[2]):0;return s&&s!==e?!0:/^[.*]/.test(
i)?(i.charAt(0)==="*"&&(i=i.slice(1)),!t.endsWith(i)):t!==i}):!0}function Cl(t){return process.env[t.toLowerCase()]||process.
env[t.toUpperCase()]||""}var qv,Gy=v(()=>{"use strict";l();qv={ftp:21,gopher:70,http:80,https:443,ws:80,wss:443}});function Jy(){let t={http:new Wy.Agent(Yy),https:new Vy.Agent(Yy)};return async(e,n)=>{let r=await Gv(e);return r===void 0?
t:{...t,https:Jv(r,e,n)}}}async function Gv({url:t}){if(!t.startsWith("https:"))return;let e=Kv.find(r=>Il(r)!==""&&!Yv(
r));if(e===void 0)return;let{getProxyForUrl:n}=await Promise.resolve().then(()=>(Gy(),Hy));return n(t)===""?void 0:Wv(e)}
function Yv(t){return/^all_proxy$/i.test(t)&&/^(?!https?:)[a-z][-+.\w]*:\/\//i.test(Il(t))}function Wv(t){let e=Il(t),n=e.
includes("://")?e:`http://${e}`,r=URL.canParse(n)?new URL(n):void 0;if(r!==void 0&&/^https?:$/.test(r.protocol)&&r.hostname!==
""&&Vv(r))return r;throw new I(`${t} is not the address of a proxy that can be used here: write http://host:port or http\
s://host:port; in a user or password, write % as %25.`,t)}function Vv({username:t,password:e}){try{return decodeURIComponent(
t+e),!0}catch{return!1}}function Jv(t,{ca:e},n){let r=e===void 0?{}:{ca:rs(e)};return new is({proxy:t,signal:n,timeoutMs:Hv,
...r})}var Wy,Vy,Kv,Hv,Yy,Il,zy=v(()=>{"use strict";l();Wy=require("node:http"),Vy=require("node:https");M();_l();cs();Kv=
["https_proxy","HTTPS_PROXY","all_proxy","ALL_PROXY"],Hv=1e4,Yy={keepAlive:!0,scheduling:"lifo",timeout:5e3};Il=t=>(process.
env[t]??"").trim()});function Xy(t,e){let[n,r]=[t["retry-after"],t.date].map(i=>[i].flat()[0]?.trim());if(n!==void 0&&/^\d{1,12}$/.test(n))return Number(
n)*1e3;let o=Mt(n);return o===void 0?void 0:Math.max(0,o-(Mt(r)??e()))}var Qy=v(()=>{"use strict";l();os()});function Zy(t){return Object.keys(t)}var eg=v(()=>{l()});function zv(t){return rg.includes(t)}function Xv(t){return og.includes(t)}function Qv(t){return ig.includes(t)}function tg(t){
if(t===null)return"null";switch(typeof t){case"undefined":return"undefined";case"string":return"string";case"number":return Number.
isNaN(t)?"NaN":"number";case"boolean":return"boolean";case"function":return"Function";case"bigint":return"bigint";case"s\
ymbol":return"symbol";default:}if(fs(t))return"Observable";if(We(t))return"Array";if(Sn(t))return"Buffer";let e=B(t);if(e&&
e!=="Object")return e;if(sg(t))return"Promise";if(t instanceof String||t instanceof Boolean||t instanceof Number)throw new TypeError(
"Please don't use object wrappers for primitive types");return"Object"}function sg(t){return ie(t?.then)&&ie(t?.catch)}function ag(t){
return e=>Dl(e)&&Math.abs(e%2)===t}function cg(t,e){if(t.length===0){if(!e)throw new TypeError("Invalid predicate array");
return}for(let n of t)if(!ie(n))throw new TypeError(`Invalid predicate: ${JSON.stringify(n)}`)}function lg(t,...e){if(Array.
isArray(t)){let n=t;cg(n,e.length===0);let r=o=>n.every(i=>i(o));return e.length===0?r:ls(Array.prototype.every,r,e)}return ls(
Array.prototype.every,t,e)}function Pl(t,...e){if(Array.isArray(t)){let n=t;cg(n,e.length===0);let r=o=>n.some(i=>i(o));
return e.length===0?r:ls(Array.prototype.some,r,e)}return ls(Array.prototype.some,t,e)}function Zv(t,e){return jr(t)||e(
t)}function We(t,e){return Array.isArray(t)?ie(e)?t.every(n=>e(n)):!0:!1}function ug(t){return B(t)==="ArrayBuffer"}function fg(t){
return!Bl(t)&&!ie(t)&&Yl(t.length)}function dg(t){return B(t)==="AsyncFunction"}function pg(t){return $l(t)&&ie(t.next)&&
ie(t.throw)}function hg(t){return B(t)==="AsyncGeneratorFunction"}function $l(t){return ie(t?.[Symbol.asyncIterator])}function mg(t){
return typeof t=="bigint"}function yg(t){return B(t)==="BigInt64Array"}function gg(t){return B(t)==="BigUint64Array"}function wg(t){
return B(t)==="Blob"}function bg(t){return t===!0||t===!1}function Sg(t){return ie(t)&&!Object.hasOwn(t,"prototype")}function Sn(t){
return t?.constructor?.isBuffer?.(t)??!1}function kg(t){return ie(t)&&/^class(\s+|{)/.test(t.toString())}function Eg(t){
return B(t)==="DataView"}function Ll(t){return B(t)==="Date"}function Ag(t,e){return t==null?!1:Object.getPrototypeOf(t)===
e.prototype}function Tg(t){return We(t)&&t.length===0}function _g(t){return kn(t)&&t.size===0}function Og(t){return An(t)&&
!kn(t)&&!Tn(t)&&Object.keys(t).length===0}function xg(t){return Tn(t)&&t.size===0}function Ml(t){return De(t)&&t.length===
0}function us(t){return Ml(t)||Wl(t)}function vg(t,e){return Object.values(e).includes(t)}function Rg(t){return B(t)==="\
Error"}function Cg(t){return ag(0)(t)}function Ig(t){return!t}function Ng(t){return B(t)==="Float32Array"}function Pg(t){
return B(t)==="Float64Array"}function $g(t){return B(t)==="FormData"}function ie(t){return typeof t=="function"}function Lg(t){
return ql(t)&&ie(t?.next)&&ie(t?.throw)}function Mg(t){return B(t)==="GeneratorFunction"}function jl(t){return An(t)&&t.
nodeType===eR&&De(t.nodeName)&&!Kl(t)&&tR.every(e=>e in t)}function jg(t){return t===Number.POSITIVE_INFINITY||t===Number.
NEGATIVE_INFINITY}function Dg(t,e){if(En(e))return t>=Math.min(0,e)&&t<=Math.max(e,0);if(We(e)&&e.length===2)return t>=Math.
min(...e)&&t<=Math.max(...e);throw new TypeError(`Invalid range: ${JSON.stringify(e)}`)}function qg(t){return B(t)==="In\
t16Array"}function Ug(t){return B(t)==="Int32Array"}function Fg(t){return B(t)==="Int8Array"}function Dl(t){return Number.
isInteger(t)}function ql(t){return ie(t?.[Symbol.iterator])}function kn(t){return B(t)==="Map"}function Ul(t){return Number.
isNaN(t)}function Fl(t){return B(t)==="Promise"}function Bg(t){return En(t)&&t<0}function Kg(t){return An(t)&&ie(t.pipe)&&
!fs(t)}function Hg(t){return We(t)&&t.length>0}function Gg(t){return kn(t)&&t.size>0}function Yg(t){return An(t)&&!kn(t)&&
!Tn(t)&&Object.keys(t).length>0}function Wg(t){return Tn(t)&&t.size>0}function Vg(t){return De(t)&&t.length>0}function Jg(t){
return De(t)&&!us(t)}function Mr(t){return t===null}function Bl(t){return Mr(t)||jr(t)}function En(t){return typeof t=="\
number"&&!Number.isNaN(t)}function zg(t){return De(t)&&!us(t)&&!Number.isNaN(Number(t))}function An(t){return!Mr(t)&&(typeof t==
"object"||ie(t))}function fs(t){return t?Symbol.observable!==void 0&&t===t[Symbol.observable]?.()||t===t["@@observable"]?.():
!1}function Xg(t){return ag(1)(t)}function Kl(t){if(typeof t!="object"||t===null)return!1;let e=Object.getPrototypeOf(t);
return(e===null||e===Object.prototype||Object.getPrototypeOf(e)===null)&&!(Symbol.toStringTag in t)&&!(Symbol.iterator in
t)}function Qg(t){return En(t)&&t>0}function Zg(t){return Mr(t)||Qv(typeof t)}function ew(t){return Fl(t)||sg(t)}function tw(t){
return Pl([De,En,Gl],t)}function nw(t){return B(t)==="RegExp"}function Hl(t){return Number.isSafeInteger(t)}function Tn(t){
return B(t)==="Set"}function rw(t){return B(t)==="SharedArrayBuffer"}function De(t){return typeof t=="string"}function Gl(t){
return typeof t=="symbol"}function ow(t){return!!t}function iw(t,e){return We(e)&&We(t)&&e.length===t.length?e.every((n,r)=>n(
t[r])):!1}function sw(t){return zv(B(t))}function aw(t){return B(t)==="Uint16Array"}function cw(t){return B(t)==="Uint32\
Array"}function lw(t){return B(t)==="Uint8Array"}function uw(t){return B(t)==="Uint8ClampedArray"}function jr(t){return t===
void 0}function fw(t){return B(t)==="URL"}function dw(t){return B(t)==="URLSearchParams"}function pw(t){if(!De(t))return!1;
try{return new URL(t),!0}catch{return!1}}function hw(t){return Ll(t)&&!Ul(Number(t))}function Yl(t){return Hl(t)&&t>=0}function mw(t){
return B(t)==="WeakMap"}function yw(t){return B(t)==="WeakRef"}function gw(t){return B(t)==="WeakSet"}function Wl(t){return De(
t)&&/^\s+$/.test(t)}function ls(t,e,n){if(!ie(e))throw new TypeError(`Invalid predicate: ${JSON.stringify(e)}`);if(n.length===
0)throw new TypeError("Invalid number of values");return t.call(n,e)}function A(t,e){return`Expected value which is \`${t}\
\`, received value of type \`${Nl(e)}\`.`}function ng(t){return Array.from(new Set(t))}function ww(t,e){let n=ng((We(t)?
t:[t]).map(o=>`\`${o}\``)),r=ng(e.map(o=>`\`${Nl(o)}\``));return`Expected values which are ${rR.format(n)}. Received val\
ues of type${r.length>1?"s":""} ${nR.format(r)}.`}function bw(t){return oR.includes(t)}function iR(t,...e){if(e.length===
0)throw new TypeError("Invalid number of values");if(!lg(t,...e)){let n=t,r=!Array.isArray(t)&&bw(n.name)?Vl[n.name]:"pr\
edicate returns truthy for all values";throw new TypeError(ww(r,e))}}function sR(t,...e){if(e.length===0)throw new TypeError(
"Invalid number of values");if(!Pl(t,...e)){let r=(Array.isArray(t)?t:[t]).map(o=>bw(o.name)?Vl[o.name]:"predicate retur\
ns truthy for any value");throw new TypeError(ww(r,e))}}function aR(t,e,n){jr(t)||e(t,n)}function cR(t,e,n){if(!We(t))throw new TypeError(
n??A("Array",t));if(e)for(let r of t)e(r,n)}function lR(t,e){if(!ug(t))throw new TypeError(e??A("ArrayBuffer",t))}function uR(t,e){
if(!fg(t))throw new TypeError(e??A("array-like",t))}function fR(t,e){if(!dg(t))throw new TypeError(e??A("AsyncFunction",
t))}function dR(t,e){if(!pg(t))throw new TypeError(e??A("AsyncGenerator",t))}function pR(t,e){if(!hg(t))throw new TypeError(
e??A("AsyncGeneratorFunction",t))}function hR(t,e){if(!$l(t))throw new TypeError(e??A("AsyncIterable",t))}function mR(t,e){
if(!mg(t))throw new TypeError(e??A("bigint",t))}function yR(t,e){if(!yg(t))throw new TypeError(e??A("BigInt64Array",t))}
function gR(t,e){if(!gg(t))throw new TypeError(e??A("BigUint64Array",t))}function wR(t,e){if(!wg(t))throw new TypeError(
e??A("Blob",t))}function bR(t,e){if(!bg(t))throw new TypeError(e??A("boolean",t))}function SR(t,e){if(!Sg(t))throw new TypeError(
e??A("Function",t))}function kR(t,e){if(!Sn(t))throw new TypeError(e??A("Buffer",t))}function ER(t,e){if(!kg(t))throw new TypeError(
e??A("Class",t))}function AR(t,e){if(!Eg(t))throw new TypeError(e??A("DataView",t))}function TR(t,e){if(!Ll(t))throw new TypeError(
e??A("Date",t))}function _R(t,e,n){if(!Ag(t,e))throw new TypeError(n??A("T",t))}function OR(t,e){if(!Tg(t))throw new TypeError(
e??A("empty array",t))}function xR(t,e){if(!_g(t))throw new TypeError(e??A("empty map",t))}function vR(t,e){if(!Og(t))throw new TypeError(
e??A("empty object",t))}function RR(t,e){if(!xg(t))throw new TypeError(e??A("empty set",t))}function CR(t,e){if(!Ml(t))throw new TypeError(
e??A("empty string",t))}function IR(t,e){if(!us(t))throw new TypeError(e??A("empty string or whitespace",t))}function NR(t,e,n){
if(!vg(t,e))throw new TypeError(n??A("EnumCase",t))}function PR(t,e){if(!Rg(t))throw new TypeError(e??A("Error",t))}function $R(t,e){
if(!Cg(t))throw new TypeError(e??A("even integer",t))}function LR(t,e){if(!Ig(t))throw new TypeError(e??A("falsy",t))}function MR(t,e){
if(!Ng(t))throw new TypeError(e??A("Float32Array",t))}function jR(t,e){if(!Pg(t))throw new TypeError(e??A("Float64Array",
t))}function DR(t,e){if(!$g(t))throw new TypeError(e??A("FormData",t))}function qR(t,e){if(!ie(t))throw new TypeError(e??
A("Function",t))}function UR(t,e){if(!Lg(t))throw new TypeError(e??A("Generator",t))}function FR(t,e){if(!Mg(t))throw new TypeError(
e??A("GeneratorFunction",t))}function BR(t,e){if(!jl(t))throw new TypeError(e??A("HTMLElement",t))}function KR(t,e){if(!jg(
t))throw new TypeError(e??A("infinite number",t))}function HR(t,e,n){if(!Dg(t,e))throw new TypeError(n??A("in range",t))}
function GR(t,e){if(!qg(t))throw new TypeError(e??A("Int16Array",t))}function YR(t,e){if(!Ug(t))throw new TypeError(e??A(
"Int32Array",t))}function WR(t,e){if(!Fg(t))throw new TypeError(e??A("Int8Array",t))}function VR(t,e){if(!Dl(t))throw new TypeError(
e??A("integer",t))}function JR(t,e){if(!ql(t))throw new TypeError(e??A("Iterable",t))}function zR(t,e){if(!kn(t))throw new TypeError(
e??A("Map",t))}function XR(t,e){if(!Ul(t))throw new TypeError(e??A("NaN",t))}function QR(t,e){if(!Fl(t))throw new TypeError(
e??A("native Promise",t))}function ZR(t,e){if(!Bg(t))throw new TypeError(e??A("negative number",t))}function eC(t,e){if(!Kg(
t))throw new TypeError(e??A("Node.js Stream",t))}function tC(t,e){if(!Hg(t))throw new TypeError(e??A("non-empty array",t))}
function nC(t,e){if(!Gg(t))throw new TypeError(e??A("non-empty map",t))}function rC(t,e){if(!Yg(t))throw new TypeError(e??
A("non-empty object",t))}function oC(t,e){if(!Wg(t))throw new TypeError(e??A("non-empty set",t))}function iC(t,e){if(!Vg(
t))throw new TypeError(e??A("non-empty string",t))}function sC(t,e){if(!Jg(t))throw new TypeError(e??A("non-empty string\
 and not whitespace",t))}function aC(t,e){if(!Mr(t))throw new TypeError(e??A("null",t))}function cC(t,e){if(!Bl(t))throw new TypeError(
e??A("null or undefined",t))}function lC(t,e){if(!En(t))throw new TypeError(e??A("number",t))}function uC(t,e){if(!zg(t))
throw new TypeError(e??A("string with a number",t))}function fC(t,e){if(!An(t))throw new TypeError(e??A("Object",t))}function dC(t,e){
if(!fs(t))throw new TypeError(e??A("Observable",t))}function pC(t,e){if(!Xg(t))throw new TypeError(e??A("odd integer",t))}
function hC(t,e){if(!Kl(t))throw new TypeError(e??A("plain object",t))}function mC(t,e){if(!Qg(t))throw new TypeError(e??
A("positive number",t))}function yC(t,e){if(!Zg(t))throw new TypeError(e??A("primitive",t))}function gC(t,e){if(!ew(t))throw new TypeError(
e??A("Promise",t))}function wC(t,e){if(!tw(t))throw new TypeError(e??A("PropertyKey",t))}function bC(t,e){if(!nw(t))throw new TypeError(
e??A("RegExp",t))}function SC(t,e){if(!Hl(t))throw new TypeError(e??A("integer",t))}function kC(t,e){if(!Tn(t))throw new TypeError(
e??A("Set",t))}function EC(t,e){if(!rw(t))throw new TypeError(e??A("SharedArrayBuffer",t))}function AC(t,e){if(!De(t))throw new TypeError(
e??A("string",t))}function TC(t,e){if(!Gl(t))throw new TypeError(e??A("symbol",t))}function _C(t,e){if(!ow(t))throw new TypeError(
e??A("truthy",t))}function OC(t,e,n){if(!iw(t,e))throw new TypeError(n??A("tuple-like",t))}function xC(t,e){if(!sw(t))throw new TypeError(
e??A("TypedArray",t))}function vC(t,e){if(!aw(t))throw new TypeError(e??A("Uint16Array",t))}function RC(t,e){if(!cw(t))throw new TypeError(
e??A("Uint32Array",t))}function CC(t,e){if(!lw(t))throw new TypeError(e??A("Uint8Array",t))}function IC(t,e){if(!uw(t))throw new TypeError(
e??A("Uint8ClampedArray",t))}function NC(t,e){if(!jr(t))throw new TypeError(e??A("undefined",t))}function PC(t,e){if(!fw(
t))throw new TypeError(e??A("URL",t))}function $C(t,e){if(!dw(t))throw new TypeError(e??A("URLSearchParams",t))}function LC(t,e){
if(!pw(t))throw new TypeError(e??A("string with a URL",t))}function MC(t,e){if(!hw(t))throw new TypeError(e??A("valid Da\
te",t))}function jC(t,e){if(!Yl(t))throw new TypeError(e??A("valid length",t))}function DC(t,e){if(!mw(t))throw new TypeError(
e??A("WeakMap",t))}function qC(t,e){if(!yw(t))throw new TypeError(e??A("WeakRef",t))}function UC(t,e){if(!gw(t))throw new TypeError(
e??A("WeakSet",t))}function FC(t,e){if(!Wl(t))throw new TypeError(e??A("whitespace string",t))}var rg,og,ig,n2,B,Nl,eR,tR,
nR,rR,j,Vl,oR,m,Ve=v(()=>{l();eg();rg=["Int8Array","Uint8Array","Uint8ClampedArray","Int16Array","Uint16Array","Int32Arr\
ay","Uint32Array","Float32Array","Float64Array","BigInt64Array","BigUint64Array"];og=["Function","Generator","AsyncGener\
ator","GeneratorFunction","AsyncGeneratorFunction","AsyncFunction","Observable","Array","Buffer","Blob","Object","RegExp",
"Date","Error","Map","Set","WeakMap","WeakSet","WeakRef","ArrayBuffer","SharedArrayBuffer","DataView","Promise","URL","F\
ormData","URLSearchParams","HTMLElement","NaN",...rg];ig=["null","undefined","string","number","bigint","boolean","symbo\
l"];n2=["positive number","negative number","Class","string with a number","null or undefined","Iterable","AsyncIterable",
"native Promise","EnumCase","string with a URL","truthy","falsy","primitive","integer","plain object","TypedArray","arra\
y-like","tuple-like","Node.js Stream","infinite number","empty array","non-empty array","empty string","empty string or \
whitespace","non-empty string","non-empty string and not whitespace","empty object","non-empty object","empty set","non-\
empty set","empty map","non-empty map","PropertyKey","even integer","odd integer","T","in range","predicate returns trut\
hy for any value","predicate returns truthy for all values","valid Date","valid length","whitespace string",...og,...ig],
B=t=>{let e=Object.prototype.toString.call(t).slice(8,-1);if(/HTML\w+Element/.test(e)&&jl(t))return"HTMLElement";if(Xv(e))
return e};Nl=Object.assign(tg,{all:lg,any:Pl,array:We,arrayBuffer:ug,arrayLike:fg,asyncFunction:dg,asyncGenerator:pg,asyncGeneratorFunction:hg,
asyncIterable:$l,bigint:mg,bigInt64Array:yg,bigUint64Array:gg,blob:wg,boolean:bg,boundFunction:Sg,buffer:Sn,class:kg,dataView:Eg,
date:Ll,detect:tg,directInstanceOf:Ag,emptyArray:Tg,emptyMap:_g,emptyObject:Og,emptySet:xg,emptyString:Ml,emptyStringOrWhitespace:us,
enumCase:vg,error:Rg,evenInteger:Cg,falsy:Ig,float32Array:Ng,float64Array:Pg,formData:$g,function:ie,generator:Lg,generatorFunction:Mg,
htmlElement:jl,infinite:jg,inRange:Dg,int16Array:qg,int32Array:Ug,int8Array:Fg,integer:Dl,iterable:ql,map:kn,nan:Ul,nativePromise:Fl,
negativeNumber:Bg,nodeStream:Kg,nonEmptyArray:Hg,nonEmptyMap:Gg,nonEmptyObject:Yg,nonEmptySet:Wg,nonEmptyString:Vg,nonEmptyStringAndNotWhitespace:Jg,
null:Mr,nullOrUndefined:Bl,number:En,numericString:zg,object:An,observable:fs,oddInteger:Xg,plainObject:Kl,positiveNumber:Qg,
primitive:Zg,promise:ew,propertyKey:tw,regExp:nw,safeInteger:Hl,set:Tn,sharedArrayBuffer:rw,string:De,symbol:Gl,truthy:ow,
tupleLike:iw,typedArray:sw,uint16Array:aw,uint32Array:cw,uint8Array:lw,uint8ClampedArray:uw,undefined:jr,urlInstance:fw,
urlSearchParams:dw,urlString:pw,optional:Zv,validDate:hw,validLength:Yl,weakMap:mw,weakRef:yw,weakSet:gw,whitespaceString:Wl});
eR=1,tR=["innerHTML","ownerDocument","style","attributes","nodeValue"];nR=new h("en",{style:"long",type:"conjunction"}),
rR=new h("en",{style:"long",type:"disjunction"});j={all:iR,any:sR,optional:aR,array:cR,arrayBuffer:lR,arrayLike:uR,asyncFunction:fR,
asyncGenerator:dR,asyncGeneratorFunction:pR,asyncIterable:hR,bigint:mR,bigInt64Array:yR,bigUint64Array:gR,blob:wR,boolean:bR,
boundFunction:SR,buffer:kR,class:ER,dataView:AR,date:TR,directInstanceOf:_R,emptyArray:OR,emptyMap:xR,emptyObject:vR,emptySet:RR,
emptyString:CR,emptyStringOrWhitespace:IR,enumCase:NR,error:PR,evenInteger:$R,falsy:LR,float32Array:MR,float64Array:jR,formData:DR,
function:qR,generator:UR,generatorFunction:FR,htmlElement:BR,infinite:KR,inRange:HR,int16Array:GR,int32Array:YR,int8Array:WR,
integer:VR,iterable:JR,map:zR,nan:XR,nativePromise:QR,negativeNumber:ZR,nodeStream:eC,nonEmptyArray:tC,nonEmptyMap:nC,nonEmptyObject:rC,
nonEmptySet:oC,nonEmptyString:iC,nonEmptyStringAndNotWhitespace:sC,null:aC,nullOrUndefined:cC,number:lC,numericString:uC,
object:fC,observable:dC,oddInteger:pC,plainObject:hC,positiveNumber:mC,primitive:yC,promise:gC,propertyKey:wC,regExp:bC,
safeInteger:SC,set:kC,sharedArrayBuffer:EC,string:AC,symbol:TC,truthy:_C,tupleLike:OC,typedArray:xC,uint16Array:vC,uint32Array:RC,
uint8Array:CC,uint8ClampedArray:IC,undefined:NC,urlInstance:PC,urlSearchParams:$C,urlString:LC,validDate:MC,validLength:jC,
weakMap:DC,weakRef:qC,weakSet:UC,whitespaceString:FC},Vl={isArray:"Array",isArrayBuffer:"ArrayBuffer",isArrayLike:"array\
-like",isAsyncFunction:"AsyncFunction",isAsyncGenerator:"AsyncGenerator",isAsyncGeneratorFunction:"AsyncGeneratorFunctio\
n",isAsyncIterable:"AsyncIterable",isBigint:"bigint",isBigInt64Array:"BigInt64Array",isBigUint64Array:"BigUint64Array",isBlob:"\
Blob",isBoolean:"boolean",isBoundFunction:"Function",isBuffer:"Buffer",isClass:"Class",isDataView:"DataView",isDate:"Dat\
e",isDirectInstanceOf:"T",isEmptyArray:"empty array",isEmptyMap:"empty map",isEmptyObject:"empty object",isEmptySet:"emp\
ty set",isEmptyString:"empty string",isEmptyStringOrWhitespace:"empty string or whitespace",isEnumCase:"EnumCase",isError:"\
Error",isEvenInteger:"even integer",isFalsy:"falsy",isFloat32Array:"Float32Array",isFloat64Array:"Float64Array",isFormData:"\
FormData",isFunction:"Function",isGenerator:"Generator",isGeneratorFunction:"GeneratorFunction",isHtmlElement:"HTMLEleme\
nt",isInfinite:"infinite number",isInRange:"in range",isInt16Array:"Int16Array",isInt32Array:"Int32Array",isInt8Array:"I\
nt8Array",isInteger:"integer",isIterable:"Iterable",isMap:"Map",isNan:"NaN",isNativePromise:"native Promise",isNegativeNumber:"\
negative number",isNodeStream:"Node.js Stream",isNonEmptyArray:"non-empty array",isNonEmptyMap:"non-empty map",isNonEmptyObject:"\
non-empty object",isNonEmptySet:"non-empty set",isNonEmptyString:"non-empty string",isNonEmptyStringAndNotWhitespace:"no\
n-empty string and not whitespace",isNull:"null",isNullOrUndefined:"null or undefined",isNumber:"number",isNumericString:"\
string with a number",isObject:"Object",isObservable:"Observable",isOddInteger:"odd integer",isPlainObject:"plain object",
isPositiveNumber:"positive number",isPrimitive:"primitive",isPromise:"Promise",isPropertyKey:"PropertyKey",isRegExp:"Reg\
Exp",isSafeInteger:"integer",isSet:"Set",isSharedArrayBuffer:"SharedArrayBuffer",isString:"string",isSymbol:"symbol",isTruthy:"\
truthy",isTupleLike:"tuple-like",isTypedArray:"TypedArray",isUint16Array:"Uint16Array",isUint32Array:"Uint32Array",isUint8Array:"\
Uint8Array",isUint8ClampedArray:"Uint8ClampedArray",isUndefined:"undefined",isUrlInstance:"URL",isUrlSearchParams:"URLSe\
archParams",isUrlString:"string with a URL",isValidDate:"valid Date",isValidLength:"valid length",isWeakMap:"WeakMap",isWeakRef:"\
WeakRef",isWeakSet:"WeakSet",isWhitespaceString:"whitespace string"},oR=Zy(Vl);m=Nl});var Jl,qe,_n,Sw=v(()=>{l();Jl=class extends Error{constructor(e){super(e||"Promise was canceled"),this.name="CancelError"}get isCanceled(){
return!0}},qe=Object.freeze({pending:Symbol("pending"),canceled:Symbol("canceled"),resolved:Symbol("resolved"),rejected:Symbol(
"rejected")}),_n=class t{static fn(e){return(...n)=>new t((r,o,i)=>{n.push(i),e(...n).then(r,o)})}#e=[];#t=!0;#n=qe.pending;#r;#o;constructor(e){
this.#r=new Promise((n,r)=>{this.#o=r;let o=a=>{(this.#n!==qe.canceled||!s.shouldReject)&&(n(a),this.#i(qe.resolved))},i=a=>{
(this.#n!==qe.canceled||!s.shouldReject)&&(r(a),this.#i(qe.rejected))},s=a=>{if(this.#n!==qe.pending)throw new Error(`Th\
e \`onCancel\` handler was attached after the promise ${this.#n.description}.`);this.#e.push(a)};Object.defineProperties(
s,{shouldReject:{get:()=>this.#t,set:a=>{this.#t=a}}}),e(o,i,s)})}then(e,n){return this.#r.then(e,n)}catch(e){return this.#r.
catch(e)}finally(e){return this.#r.finally(e)}cancel(e){if(this.#n===qe.pending){if(this.#i(qe.canceled),this.#e.length>
0)try{for(let n of this.#e)n()}catch(n){this.#o(n);return}this.#t&&this.#o(new Jl(e))}}get isCanceled(){return this.#n===
qe.canceled}#i(e){this.#n===qe.pending&&(this.#n=e)}};Object.setPrototypeOf(_n.prototype,Promise.prototype)});function BC(t){return m.object(t)&&"_onResponse"in t}var K,Dr,Je,On,xn,vn,Dt,qr,Ur,Rn=v(()=>{l();Ve();K=class extends Error{name="\
RequestError";code="ERR_GOT_REQUEST_ERROR";input;stack;response;request;timings;constructor(e,n,r){if(super(e,{cause:n}),
Error.captureStackTrace(this,this.constructor),n.code&&(this.code=n.code),this.input=n.input,BC(r)?(Object.defineProperty(
this,"request",{enumerable:!1,value:r}),Object.defineProperty(this,"response",{enumerable:!1,value:r.response}),this.options=
r.options):this.options=r,this.timings=this.request?.timings,m.string(n.stack)&&m.string(this.stack)){let o=this.stack.indexOf(
this.message)+this.message.length,i=this.stack.slice(o).split(`
`).reverse(),s=n.stack.slice(n.stack.indexOf(n.message)+n.message.length).split(`
`).reverse();for(;s.length>0&&s[0]===i[0];)i.shift();this.stack=`${this.stack.slice(0,o)}${i.reverse().join(`
`)}${s.reverse().join(`
`)}`}}},Dr=class extends K{name="MaxRedirectsError";code="ERR_TOO_MANY_REDIRECTS";constructor(e){super(`Redirected ${e.options.
maxRedirects} times. Aborting.`,{},e)}},Je=class extends K{name="HTTPError";code="ERR_NON_2XX_3XX_RESPONSE";constructor(e){
super(`Request failed with status code ${e.statusCode} (${e.statusMessage}): ${e.request.options.method} ${e.request.options.
url.toString()}`,{},e.request)}},On=class extends K{name="CacheError";constructor(e,n){super(e.message,e,n),this.code===
"ERR_GOT_REQUEST_ERROR"&&(this.code="ERR_CACHE_ACCESS")}},xn=class extends K{name="UploadError";constructor(e,n){super(e.
message,e,n),this.code==="ERR_GOT_REQUEST_ERROR"&&(this.code="ERR_UPLOAD")}},vn=class extends K{name="TimeoutError";timings;event;constructor(e,n,r){
super(e.message,e,r),this.event=e.event,this.timings=n}},Dt=class extends K{name="ReadError";constructor(e,n){super(e.message,
e,n),this.code==="ERR_GOT_REQUEST_ERROR"&&(this.code="ERR_READING_RESPONSE_STREAM")}},qr=class extends K{name="RetryErro\
r";code="ERR_RETRYING";constructor(e){super("Retrying",{},e)}},Ur=class extends K{name="AbortError";code="ERR_ABORTED";constructor(e){
super("This operation was aborted.",{},e)}}});function ds(t){return typeof t=="string"?KC.encode(t).byteLength:ArrayBuffer.isView(t)||t instanceof ArrayBuffer||t instanceof
SharedArrayBuffer?t.byteLength:0}var KC,kw=v(()=>{l();KC=new TextEncoder});var Ew=v(()=>{l();kw()});var Aw,ps,Tw=v(()=>{l();Aw=void 0,ps=class extends Error{}});var _w,Ow=v(()=>{l();_w=void 0});function*$w(t){if(t.byteLength<=xw){yield t;return}let e=0;for(;e<t.byteLength;){let n=Math.min(t.byteLength-e,xw),r=t.buffer.
slice(e,e+n);e+=r.byteLength,yield new Uint8Array(r)}}function HC(){let t=16,e="";for(;t--;)e+=vw[Math.random()*vw.length<<
0];return e}async function*WC(t){let e=t.getReader();for(;;){let{done:n,value:r}=await e.read();if(n)break;yield r}}async function*Cw(t){
for await(let e of t)yield*$w(e)}function Iw(t){if(JC(t)!=="object")return!1;let e=Object.getPrototypeOf(t);return e==null?
!0:e.constructor?.toString?.()===Object.toString()}function Nw(t,e){if(typeof e=="string"){for(let[n,r]of Object.entries(
t))if(e.toLowerCase()===n.toLowerCase())return r}}var Pw,Xl,X,ze,Fr,zl,xw,vw,Rw,Xe,GC,YC,VC,Cn,Wr,JC,Lw,zC,XC,hs,kt,Br,ms,
Kr,qt,Hr,Gr,ys,Yr,Ql,Mw,jw,Zl=v(()=>{l();Pw=t=>{throw TypeError(t)},Xl=(t,e,n)=>e.has(t)||Pw("Cannot "+n),X=(t,e,n)=>(Xl(
t,e,"read from private field"),n?n.call(t):e.get(t)),ze=(t,e,n)=>e.has(t)?Pw("Cannot add the same private member more th\
an once"):e instanceof WeakSet?e.add(t):e.set(t,n),Fr=(t,e,n,r)=>(Xl(t,e,"write to private field"),r?r.call(t,n):e.set(t,
n),n),zl=(t,e,n)=>(Xl(t,e,"access private method"),n),xw=65536;vw="abcdefghijklmnopqrstuvwxyz0123456789";Rw=t=>String(t).
replace(/\r/g,"%0D").replace(/\n/g,"%0A").replace(/"/g,"%22"),Xe=t=>typeof t=="function",GC=t=>!!t&&typeof t=="object"&&
!Array.isArray(t)&&Xe(t.getReader),YC=t=>Xe(t[Symbol.asyncIterator]);VC=t=>{if(YC(t))return Cw(t);if(GC(t))return Cw(WC(
t));throw new TypeError("Unsupported data source: Expected either ReadableStream or async iterable.")},Cn=t=>!!(t&&typeof t==
"object"&&Xe(t.constructor)&&t[Symbol.toStringTag]==="File"&&Xe(t.stream)&&t.name!=null),Wr=t=>!!(t&&Xe(t.constructor)&&
t[Symbol.toStringTag]==="FormData"&&Xe(t.append)&&Xe(t.getAll)&&Xe(t.entries)&&Xe(t[Symbol.iterator])),JC=t=>Object.prototype.
toString.call(t).slice(8,-1).toLowerCase();Lw=t=>String(t).replace(/\r|\n/g,(e,n,r)=>e==="\r"&&r[n+1]!==`
`||e===`
`&&r[n-1]!=="\r"?`\r
`:e);zC=t=>new Proxy(t,{get:(e,n)=>Nw(e,n),has:(e,n)=>Nw(e,n)!==void 0}),XC={enableAdditionalHeaders:!1},hs={writable:!1,
configurable:!1},jw=class{constructor(t,e,n){if(ze(this,Yr),ze(this,kt,`\r
`),ze(this,Br),ze(this,ms),ze(this,Kr,"-".repeat(2)),ze(this,qt,new TextEncoder),ze(this,Hr),ze(this,Gr),ze(this,ys),!Wr(
t))throw new TypeError("Expected first argument to be a FormData instance.");let r;if(Iw(e)?n=e:r=e,r||(r=`form-data-enc\
oder-${HC()}`),typeof r!="string")throw new TypeError("Expected boundary argument to be a string.");if(n&&!Iw(n))throw new TypeError(
"Expected options argument to be an object.");Fr(this,Gr,Array.from(t.entries())),Fr(this,ys,{...XC,...n}),Fr(this,Br,X(
this,qt).encode(X(this,kt))),Fr(this,ms,X(this,Br).byteLength),this.boundary=r,this.contentType=`multipart/form-data; bo\
undary=${this.boundary}`,Fr(this,Hr,X(this,qt).encode(`${X(this,Kr)}${this.boundary}${X(this,Kr)}${X(this,kt).repeat(2)}`));
let o={"Content-Type":this.contentType},i=zl(this,Yr,Mw).call(this);i&&(this.contentLength=i,o["Content-Length"]=i),this.
headers=zC(Object.freeze(o)),Object.defineProperties(this,{boundary:hs,contentType:hs,contentLength:hs,headers:hs})}*values(){
for(let[t,e]of X(this,Gr)){let n=Cn(e)?e:X(this,qt).encode(Lw(e));yield zl(this,Yr,Ql).call(this,t,n),yield n,yield X(this,
Br)}yield X(this,Hr)}async*encode(){for(let t of this.values())Cn(t)?yield*VC(t.stream()):yield*$w(t)}[Symbol.iterator](){
return this.values()}[Symbol.asyncIterator](){return this.encode()}};kt=new WeakMap;Br=new WeakMap;ms=new WeakMap;Kr=new WeakMap;
qt=new WeakMap;Hr=new WeakMap;Gr=new WeakMap;ys=new WeakMap;Yr=new WeakSet;Ql=function(t,e){let n="";if(n+=`${X(this,Kr)}${this.
boundary}${X(this,kt)}`,n+=`Content-Disposition: form-data; name="${Rw(t)}"`,Cn(e)&&(n+=`; filename="${Rw(e.name)}"${X(this,
kt)}`,n+=`Content-Type: ${e.type||"application/octet-stream"}`),X(this,ys).enableAdditionalHeaders===!0){let r=Cn(e)?e.size:
e.byteLength;r!=null&&!isNaN(r)&&(n+=`${X(this,kt)}Content-Length: ${r}`)}return X(this,qt).encode(`${n}${X(this,kt).repeat(
2)}`)};Mw=function(){let t=0;for(let[e,n]of X(this,Gr)){let r=Cn(n)?n:X(this,qt).encode(Lw(n)),o=Cn(r)?r.size:r.byteLength;
if(o==null||isNaN(o))return;t+=zl(this,Yr,Ql).call(this,e,r).byteLength,t+=o,t+=X(this,ms)}return String(t+X(this,Hr).byteLength)}});function QC(t){return"encrypted"in t}var ZC,Dw,qw=v(()=>{l();ZC=(t,e)=>{let n;typeof e=="function"?n={connect:e}:n=e;let r=typeof n.
connect=="function",o=typeof n.secureConnect=="function",i=typeof n.close=="function",s=()=>{r&&n.connect(),QC(t)&&o&&(t.
authorized?n.secureConnect():t.once("secureConnect",n.secureConnect)),i&&t.once("close",n.close)};if(t.writable&&!t.connecting)
s();else if(t.connecting)t.once("connect",s);else if(t.destroyed&&i){let a="_hadError"in t?!!t._hadError:!1;n.close(a)}},
Dw=ZC});var Uw,Fw,eI,Bw,Kw=v(()=>{l();Uw=require("node:events"),Fw=require("node:util");qw();eI=t=>{if(t.timings)return t.timings;
let e={start:Date.now(),socket:void 0,lookup:void 0,connect:void 0,secureConnect:void 0,upload:void 0,response:void 0,end:void 0,
error:void 0,abort:void 0,phases:{wait:void 0,dns:void 0,tcp:void 0,tls:void 0,request:void 0,firstByte:void 0,download:void 0,
total:void 0}};t.timings=e;let n=s=>{s.once(Uw.errorMonitor,()=>{e.error=Date.now(),e.phases.total=e.error-e.start})};n(
t);let r=()=>{e.abort=Date.now(),e.phases.total=e.abort-e.start};t.prependOnceListener("abort",r);let o=s=>{if(e.socket=
Date.now(),e.phases.wait=e.socket-e.start,Fw.types.isProxy(s))return;if(s.writable&&!s.connecting){e.lookup=e.socket,e.connect=
e.socket,s.__initial_connection_timings__?(e.phases.dns=s.__initial_connection_timings__.dnsPhase,e.phases.tcp=s.__initial_connection_timings__.
tcpPhase,e.phases.tls=s.__initial_connection_timings__.tlsPhase,e.phases.tls!==void 0&&(e.secureConnect=e.socket)):(e.phases.
dns=0,e.phases.tcp=0);return}let c=()=>{e.lookup=Date.now(),e.phases.dns=e.lookup-e.socket};s.prependOnceListener("looku\
p",c),Dw(s,{connect(){e.connect=Date.now(),e.lookup===void 0&&(s.removeListener("lookup",c),e.lookup=e.socket,e.phases.dns=
0),e.phases.tcp=e.connect-e.lookup,e.phases.tcp===0&&e.phases.dns&&e.phases.dns>0&&(e.phases.dns=0),s.__initial_connection_timings__||
(s.__initial_connection_timings__={dnsPhase:e.phases.dns,tcpPhase:e.phases.tcp})},secureConnect(){e.secureConnect=Date.now(),
e.phases.tls=e.secureConnect-e.connect,s.__initial_connection_timings__&&(s.__initial_connection_timings__.tlsPhase=e.phases.
tls)}})};t.socket?o(t.socket):t.prependOnceListener("socket",o);let i=()=>{e.upload=Date.now();let s=e.secureConnect??e.
connect;s!==void 0&&(e.phases.request=e.upload-s)};return t.writableFinished?i():t.prependOnceListener("finish",i),t.prependOnceListener(
"response",s=>{e.response=Date.now(),e.phases.firstByte=e.response-e.upload,s.timings=e,n(s),s.prependOnceListener("end",
()=>{t.off("abort",r),s.off("aborted",r),e.phases.total===void 0&&(e.end=Date.now(),e.phases.download=e.end-e.response,e.
phases.total=e.end-e.start)}),s.prependOnceListener("aborted",r)}),e},Bw=eI});function Vr(t){return m.nodeStream(t)&&m.function(t.getBoundary)}var eu=v(()=>{l();Ve()});async function tu(t,e){if(e&&"content-length"in e)return Number(e["content-length"]);if(!t)return 0;if(m.string(t))return new TextEncoder().
encode(t).byteLength;if(m.buffer(t))return t.length;if(m.typedArray(t))return t.byteLength;if(Vr(t))try{return await(0,Hw.promisify)(
t.getLength.bind(t))()}catch(n){let r=n;throw new Error(`Cannot determine content-length for form-data with stream(s) of\
 unknown length. This is a limitation of the \`form-data\` package. To fix this, either:
1. Use the \`knownLength\` option when appending streams:
   form.append('file', stream, {knownLength: 12345});
2. Switch to spec-compliant FormData (formdata-node package)
See: https://github.com/form-data/form-data#alternative-submission-methods
Original error: ${r.message}`)}}var Hw,Gw=v(()=>{l();Hw=require("node:util");Ve();eu()});function Jr(t,e,n){let r={};for(let o of n){let i=(...s)=>{e.emit(o,...s)};r[o]=i,t.on(o,i)}return()=>{for(let[o,i]of Object.
entries(r))t.off(o,i)}}var nu=v(()=>{l()});function ru(){let t=[];return{once(e,n,r){e.once(n,r),t.push({origin:e,event:n,fn:r})},unhandleAll(){for(let e of t){let{
origin:n,event:r,fn:o}=e;n.removeListener(r,o)}t.length=0}}}var Yw=v(()=>{l()});function ou(t,e,n){if(Ww in t)return tI;t[Ww]=!0;let r=[],{once:o,unhandleAll:i}=ru(),s=new Map,a=(w,S,E)=>{let _=setTimeout(
S,w,w,E);_.unref?.();let x=()=>{s.set(E,!0),clearTimeout(_)};return r.push(x),x},{host:c,hostname:u}=n,d=(w,S)=>{setTimeout(
()=>{s.has(S)||t.destroy(new zr(w,S))},0)},f=()=>{for(let w of r)w();i()};if(t.once("error",w=>{if(f(),t.listenerCount("\
error")===0)throw w}),e.request!==void 0){let w=a(e.request,d,"request");o(t,"response",S=>{o(S,"end",w)})}if(e.socket!==
void 0){let{socket:w}=e,S=()=>{d(w,"socket")};t.setTimeout(w,S),r.push(()=>{t.removeListener("timeout",S)})}let p=e.lookup!==
void 0,g=e.connect!==void 0,k=e.secureConnect!==void 0,y=e.send!==void 0;return(p||g||k||y)&&o(t,"socket",w=>{let{socketPath:S}=t;
if(w.connecting){let E=!!(S??Vw.default.isIP(u??c??"")!==0);if(p&&!E&&w.address().address===void 0){let _=a(e.lookup,d,"\
lookup");o(w,"lookup",_)}if(g){let _=()=>a(e.connect,d,"connect");E?o(w,"connect",_()):o(w,"lookup",x=>{x===null&&o(w,"c\
onnect",_())})}k&&n.protocol==="https:"&&o(w,"connect",()=>{let _=a(e.secureConnect,d,"secureConnect");o(w,"secureConnec\
t",_)})}if(y){let E=()=>a(e.send,d,"send");w.connecting?o(w,"connect",()=>{o(t,"upload-complete",E())}):o(t,"upload-comp\
lete",E())}}),e.response!==void 0&&o(t,"upload-complete",()=>{let w=a(e.response,d,"response");o(t,"response",w)}),e.read!==
void 0&&o(t,"response",w=>{let S=a(e.read,d,"read");o(w,"end",S)}),f}var Vw,Ww,tI,zr,Jw=v(()=>{l();Vw=Z(require("node:net"),1);
Yw();Ww=Symbol("reentry"),tI=()=>{},zr=class extends Error{event;name="TimeoutError";code="ETIMEDOUT";constructor(e,n){super(
`Timeout awaiting '${n}' for ${e}ms`),this.event=n}}});function iu(t){t=t;let e={protocol:t.protocol,hostname:m.string(t.hostname)&&t.hostname.startsWith("[")?t.hostname.slice(
1,-1):t.hostname,host:t.host,hash:t.hash,search:t.search,pathname:t.pathname,href:t.href,path:`${t.pathname||""}${t.search||
""}`};return m.string(t.port)&&t.port.length>0&&(e.port=Number(t.port)),(t.username||t.password)&&(e.auth=`${t.username||
""}:${t.password||""}`),e}var zw=v(()=>{l();Ve()});var Xr,Xw=v(()=>{l();Xr=class{weakMap=new WeakMap;map=new Map;set(e,n){typeof e=="object"?this.weakMap.set(e,n):this.map.
set(e,n)}get(e){return typeof e=="object"?this.weakMap.get(e):this.map.get(e)}has(e){return typeof e=="object"?this.weakMap.
has(e):this.map.has(e)}}});var nI,gs,su=v(()=>{l();nI=({attemptCount:t,retryOptions:e,error:n,retryAfter:r,computedValue:o})=>{if(n.name==="RetryEr\
ror")return 1;if(t>e.limit)return 0;let i=e.methods.includes(n.options.method),s=e.errorCodes.includes(n.code),a=n.response&&
e.statusCodes.includes(n.response.statusCode);if(!i||!s&&!a)return 0;if(n.response){if(r)return r>o?0:r;if(n.response.statusCode===
413)return 0}let c=Math.random()*e.noise;return Math.min(2**(t-1)*1e3,e.backoffLimit)+c},gs=nI});function ws(t){return Object.fromEntries(Object.entries(t).map(([e,n])=>[e.toLowerCase(),n]))}var Qw=v(()=>{l()});var Zw,eb=v(()=>{l();Zw=void 0});var au,tb=v(()=>{l();au={}});function Qr(t){let e=[],n=t.split(",");for(let r of n){let[o,...i]=r.split(";"),s=o.trim();if(s[0]!=="<"||s.at(-1)!==">")
throw new Error(`Invalid format of the Link header reference: ${s}`);let a=s.slice(1,-1),c={};if(i.length===0)throw new Error(
`Unexpected end of Link header parameters: ${i.join(";")}`);for(let u of i){let d=u.trim(),f=d.indexOf("=");if(f===-1)throw new Error(
`Failed to parse Link header: ${t}`);let p=d.slice(0,f).trim(),g=d.slice(f+1).trim();c[p]=g}e.push({reference:a,parameters:c})}
return e}var cu=v(()=>{l()});function cb(t,e){try{e()}catch(n){throw n instanceof Error&&(n.message=`Option '${t}': ${n.message}`),n}}function P(t,e,n){
cb(t,()=>{j.any(e,n)})}function In(t,e){cb(t,()=>{j.plainObject(e)})}function oI(t){for(let e in t){let n=t[e];P(`search\
Params.${e}`,[m.string,m.number,m.boolean,m.null,m.undefined],n)}}var ob,Zr,ib,sb,ab,nb,rI,iI,bs,sI,aI,cI,lI,uI,fI,rb,ye,
Nn=v(()=>{l();ob=Z(require("node:process"),1),Zr=require("node:util"),ib=require("node:tls"),sb=Z(require("node:https"),1),
ab=Z(require("node:http"),1);Ve();Qw();eb();tb();Zl();cu();[nb,rI]=ob.default.versions.node.split(".").map(Number);iI=new Map,
sI=()=>bs||(bs=new Zw,bs),aI=t=>t?.[Symbol.toStringTag]==="QuickLRU"&&typeof t.evict=="function"?{get(e){return t.get(e)},
set(e,n,r){return r===void 0?t.set(e,n):t.set(e,n,{maxAge:r}),!0},delete(e){return t.delete(e)},clear(){return t.clear()},
has(e){return t.has(e)}}:t,cI={request:void 0,agent:{http:void 0,https:void 0,http2:void 0},h2session:void 0,decompress:!0,
timeout:{connect:void 0,lookup:void 0,read:void 0,request:void 0,response:void 0,secureConnect:void 0,send:void 0,socket:void 0},
prefixUrl:"",body:void 0,form:void 0,json:void 0,cookieJar:void 0,ignoreInvalidCookies:!1,searchParams:void 0,dnsLookup:void 0,
dnsCache:void 0,context:{},hooks:{init:[],beforeRequest:[],beforeError:[],beforeRedirect:[],beforeRetry:[],beforeCache:[],
afterResponse:[]},followRedirect:!0,maxRedirects:10,cache:void 0,throwHttpErrors:!0,username:"",password:"",http2:!1,allowGetBody:!1,
copyPipedHeaders:!0,headers:{"user-agent":"got (https://github.com/sindresorhus/got)"},methodRewriting:!1,dnsLookupIpVersion:void 0,
parseJson:JSON.parse,stringifyJson:JSON.stringify,retry:{limit:2,methods:["GET","PUT","HEAD","DELETE","OPTIONS","TRACE"],
statusCodes:[408,413,429,500,502,503,504,521,522,524],errorCodes:["ETIMEDOUT","ECONNRESET","EADDRINUSE","ECONNREFUSED","\
EPIPE","ENOTFOUND","ENETUNREACH","EAI_AGAIN"],maxRetryAfter:void 0,calculateDelay:({computedValue:t})=>t,backoffLimit:Number.
POSITIVE_INFINITY,noise:100,enforceRetryRules:!1},localAddress:void 0,method:"GET",createConnection:void 0,cacheOptions:{
shared:void 0,cacheHeuristic:void 0,immutableMinTimeToLive:void 0,ignoreCargoCult:void 0},https:{alpnProtocols:void 0,rejectUnauthorized:void 0,
checkServerIdentity:void 0,serverName:void 0,certificateAuthority:void 0,key:void 0,certificate:void 0,passphrase:void 0,
pfx:void 0,ciphers:void 0,honorCipherOrder:void 0,minVersion:void 0,maxVersion:void 0,signatureAlgorithms:void 0,tlsSessionLifetime:void 0,
dhparam:void 0,ecdhCurve:void 0,certificateRevocationLists:void 0,secureOptions:void 0},encoding:void 0,resolveBodyOnly:!1,
isStream:!1,responseType:"text",url:void 0,pagination:{transform(t){return t.request.options.responseType==="json"?t.body:
JSON.parse(t.body)},paginate({response:t}){let e=t.headers.link;if(typeof e!="string"||e.trim()==="")return!1;let r=Qr(e).
find(o=>o.parameters.rel==="next"||o.parameters.rel==='"next"');return r?{url:new URL(r.reference,t.url)}:!1},filter:()=>!0,
shouldContinue:()=>!0,countLimit:Number.POSITIVE_INFINITY,backoff:0,requestLimit:1e4,stackAllItems:!1},setHost:!0,maxHeaderSize:void 0,
signal:void 0,enableUnixSockets:!1,strictContentLength:!1},lI=t=>{let{hooks:e,retry:n}=t;return{...t,context:{...t.context},
cacheOptions:{...t.cacheOptions},https:{...t.https},agent:{...t.agent},headers:{...t.headers},retry:{...n,errorCodes:[...n.
errorCodes],methods:[...n.methods],statusCodes:[...n.statusCodes]},timeout:{...t.timeout},hooks:{init:[...e.init],beforeRequest:[
...e.beforeRequest],beforeError:[...e.beforeError],beforeRedirect:[...e.beforeRedirect],beforeRetry:[...e.beforeRetry],beforeCache:[
...e.beforeCache],afterResponse:[...e.afterResponse]},searchParams:t.searchParams?new URLSearchParams(t.searchParams):void 0,
pagination:{...t.pagination}}},uI=t=>{let{hooks:e,retry:n}=t,r={...t};return m.object(t.context)&&(r.context={...t.context}),
m.object(t.cacheOptions)&&(r.cacheOptions={...t.cacheOptions}),m.object(t.https)&&(r.https={...t.https}),m.object(t.cacheOptions)&&
(r.cacheOptions={...r.cacheOptions}),m.object(t.agent)&&(r.agent={...t.agent}),m.object(t.headers)&&(r.headers={...t.headers}),
m.object(n)&&(r.retry={...n},m.array(n.errorCodes)&&(r.retry.errorCodes=[...n.errorCodes]),m.array(n.methods)&&(r.retry.
methods=[...n.methods]),m.array(n.statusCodes)&&(r.retry.statusCodes=[...n.statusCodes])),m.object(t.timeout)&&(r.timeout=
{...t.timeout}),m.object(e)&&(r.hooks={...e},m.array(e.init)&&(r.hooks.init=[...e.init]),m.array(e.beforeRequest)&&(r.hooks.
beforeRequest=[...e.beforeRequest]),m.array(e.beforeError)&&(r.hooks.beforeError=[...e.beforeError]),m.array(e.beforeRedirect)&&
(r.hooks.beforeRedirect=[...e.beforeRedirect]),m.array(e.beforeRetry)&&(r.hooks.beforeRetry=[...e.beforeRetry]),m.array(
e.beforeCache)&&(r.hooks.beforeCache=[...e.beforeCache]),m.array(e.afterResponse)&&(r.hooks.afterResponse=[...e.afterResponse])),
t.searchParams&&(m.string(t.searchParams)?r.searchParams=t.searchParams:t.searchParams instanceof URLSearchParams?r.searchParams=
new URLSearchParams(t.searchParams):m.object(t.searchParams)&&(r.searchParams={...t.searchParams})),m.object(t.pagination)&&
(r.pagination={...t.pagination}),r},fI=t=>{let e=[t.timeout.socket,t.timeout.connect,t.timeout.lookup,t.timeout.request,
t.timeout.secureConnect].filter(n=>typeof n=="number");if(e.length>0)return Math.min(...e)},rb=(t,e,n)=>{let r=t.hooks?.
init;if(r)for(let o of r)o(e,n)},ye=class t{_unixOptions;_internals;_merging=!1;_init;constructor(e,n,r){if(P("input",[m.
string,m.urlInstance,m.object,m.undefined],e),P("options",[m.object,m.undefined],n),P("defaults",[m.object,m.undefined],
r),e instanceof t||n instanceof t)throw new TypeError("The defaults must be passed as the third argument");this._internals=
lI(r?._internals??r??cI),this._init=[...r?._init??[]];try{if(m.plainObject(e))try{this.merge(e),this.merge(n)}finally{this.
url=e.url}else try{this.merge(n)}finally{if(n?.url!==void 0)if(e===void 0)this.url=n.url;else throw new TypeError("The `\
url` option is mutually exclusive with the `input` argument");else e!==void 0&&(this.url=e)}}catch(o){throw o.options=this,
o}}merge(e){if(e){if(e instanceof t){let n=[...e._init];for(let r of n)this.merge(r);return}e=uI(e),rb(this,e,this),rb(e,
e,this),this._merging=!0,"isStream"in e&&(this.isStream=e.isStream);try{let n=!1;for(let r in e){if(r==="mutableDefaults"||
r==="handlers"||r==="url"||r==="preserveHooks")continue;if(!(r in this))throw new Error(`Unexpected option: ${r}`);let o=e[r];
o!==void 0&&(this[r]=o,n=!0)}n&&this._init.push(e)}finally{this._merging=!1}}}get request(){return this._internals.request}set request(e){
P("request",[m.function,m.undefined],e),this._internals.request=e}get agent(){return this._internals.agent}set agent(e){
In("agent",e);for(let n in e){if(!(n in this._internals.agent))throw new TypeError(`Unexpected agent option: ${n}`);P(`a\
gent.${n}`,[m.object,m.undefined,r=>r===!1],e[n])}this._merging?Object.assign(this._internals.agent,e):this._internals.agent=
{...e}}get h2session(){return this._internals.h2session}set h2session(e){this._internals.h2session=e}get decompress(){return this.
_internals.decompress}set decompress(e){j.boolean(e),this._internals.decompress=e}get timeout(){return this._internals.timeout}set timeout(e){
In("timeout",e);for(let n in e){if(!(n in this._internals.timeout))throw new Error(`Unexpected timeout option: ${n}`);P(
`timeout.${n}`,[m.number,m.undefined],e[n])}this._merging?Object.assign(this._internals.timeout,e):this._internals.timeout=
{...e}}get prefixUrl(){return this._internals.prefixUrl}set prefixUrl(e){if(P("prefixUrl",[m.string,m.urlInstance],e),e===
""){this._internals.prefixUrl="";return}if(e=e.toString(),e.endsWith("/")||(e+="/"),this._internals.prefixUrl&&this._internals.
url){let{href:n}=this._internals.url;this._internals.url.href=e+n.slice(this._internals.prefixUrl.length)}this._internals.
prefixUrl=e}get body(){return this._internals.body}set body(e){P("body",[m.string,m.buffer,m.nodeStream,m.generator,m.asyncGenerator,
m.iterable,m.asyncIterable,Wr,m.typedArray,m.undefined],e),m.nodeStream(e)&&j.truthy(e.readable),e!==void 0&&(j.undefined(
this._internals.form),j.undefined(this._internals.json)),this._internals.body=e}get form(){return this._internals.form}set form(e){
P("form",[m.plainObject,m.undefined],e),e!==void 0&&(j.undefined(this._internals.body),j.undefined(this._internals.json)),
this._internals.form=e}get json(){return this._internals.json}set json(e){e!==void 0&&(j.undefined(this._internals.body),
j.undefined(this._internals.form)),this._internals.json=e}get url(){return this._internals.url}set url(e){if(P("url",[m.
string,m.urlInstance,m.undefined],e),e===void 0){this._internals.url=void 0;return}if(m.string(e)&&e.startsWith("/"))throw new Error(
"`url` must not start with a slash");let n=e.toString(),o=m.urlInstance(e)||/^[a-z][a-z\d+.-]*:\/\//i.test(n)?n:`${this.
prefixUrl}${n}`,i=new URL(o);if(this._internals.url=i,i.protocol==="unix:"&&(i.href=`http://unix${i.pathname}${i.search}`),
i.protocol!=="http:"&&i.protocol!=="https:"){let s=new Error(`Unsupported protocol: ${i.protocol}`);throw s.code="ERR_UN\
SUPPORTED_PROTOCOL",s}if(this._internals.username&&(i.username=this._internals.username,this._internals.username=""),this.
_internals.password&&(i.password=this._internals.password,this._internals.password=""),this._internals.searchParams&&(i.
search=this._internals.searchParams.toString(),this._internals.searchParams=void 0),i.hostname==="unix"){if(!this._internals.
enableUnixSockets)throw new Error("Using UNIX domain sockets but option `enableUnixSockets` is not enabled");let s=/(?<socketPath>.+?):(?<path>.+)/.
exec(`${i.pathname}${i.search}`);if(s?.groups){let{socketPath:a,path:c}=s.groups;this._unixOptions={socketPath:a,path:c,
host:""}}else this._unixOptions=void 0;return}this._unixOptions=void 0}get cookieJar(){return this._internals.cookieJar}set cookieJar(e){
if(P("cookieJar",[m.object,m.undefined],e),e===void 0){this._internals.cookieJar=void 0;return}let{setCookie:n,getCookieString:r}=e;
j.function(n),j.function(r),n.length===4&&r.length===0?(n=(0,Zr.promisify)(n.bind(e)),r=(0,Zr.promisify)(r.bind(e)),this.
_internals.cookieJar={setCookie:n,getCookieString:r}):this._internals.cookieJar=e}get signal(){return this._internals.signal}set signal(e){
j.object(e),this._internals.signal=e}get ignoreInvalidCookies(){return this._internals.ignoreInvalidCookies}set ignoreInvalidCookies(e){
j.boolean(e),this._internals.ignoreInvalidCookies=e}get searchParams(){return this._internals.url?this._internals.url.searchParams:
(this._internals.searchParams===void 0&&(this._internals.searchParams=new URLSearchParams),this._internals.searchParams)}set searchParams(e){
P("searchParams",[m.string,m.object,m.undefined],e);let n=this._internals.url;if(e===void 0){this._internals.searchParams=
void 0,n&&(n.search="");return}let r=this.searchParams,o;if(m.string(e))o=new URLSearchParams(e);else if(e instanceof URLSearchParams)
o=e;else{oI(e),o=new URLSearchParams;for(let i in e){let s=e[i];s===null?o.append(i,""):s===void 0?r.delete(i):o.append(
i,s)}}if(this._merging){for(let i of o.keys())r.delete(i);for(let[i,s]of o)r.append(i,s)}else n?n.search=r.toString():this.
_internals.searchParams=r}get searchParameters(){throw new Error("The `searchParameters` option does not exist. Use `sea\
rchParams` instead.")}set searchParameters(e){throw new Error("The `searchParameters` option does not exist. Use `search\
Params` instead.")}get dnsLookup(){return this._internals.dnsLookup}set dnsLookup(e){P("dnsLookup",[m.function,m.undefined],
e),this._internals.dnsLookup=e}get dnsCache(){return this._internals.dnsCache}set dnsCache(e){P("dnsCache",[m.object,m.boolean,
m.undefined],e),e===!0?this._internals.dnsCache=sI():e===!1?this._internals.dnsCache=void 0:this._internals.dnsCache=e}get context(){
return this._internals.context}set context(e){j.object(e),this._merging?Object.assign(this._internals.context,e):this._internals.
context={...e}}get hooks(){return this._internals.hooks}set hooks(e){j.object(e);for(let n in e){if(!(n in this._internals.
hooks))throw new Error(`Unexpected hook event: ${n}`);let r=n,o=e[r];if(P(`hooks.${n}`,[m.array,m.undefined],o),o)for(let i of o)
j.function(i);if(this._merging)o&&this._internals.hooks[r].push(...o);else{if(!o)throw new Error(`Missing hook event: ${n}`);
this._internals.hooks[n]=[...o]}}}get followRedirect(){return this._internals.followRedirect}set followRedirect(e){P("fo\
llowRedirect",[m.boolean,m.function],e),this._internals.followRedirect=e}get followRedirects(){throw new TypeError("The \
`followRedirects` option does not exist. Use `followRedirect` instead.")}set followRedirects(e){throw new TypeError("The\
 `followRedirects` option does not exist. Use `followRedirect` instead.")}get maxRedirects(){return this._internals.maxRedirects}set maxRedirects(e){
j.number(e),this._internals.maxRedirects=e}get cache(){return this._internals.cache}set cache(e){P("cache",[m.object,m.string,
m.boolean,m.undefined],e),e===!0?this._internals.cache=iI:e===!1?this._internals.cache=void 0:this._internals.cache=aI(e)}get throwHttpErrors(){
return this._internals.throwHttpErrors}set throwHttpErrors(e){j.boolean(e),this._internals.throwHttpErrors=e}get username(){
let e=this._internals.url,n=e?e.username:this._internals.username;return decodeURIComponent(n)}set username(e){j.string(
e);let n=this._internals.url,r=encodeURIComponent(e);n?n.username=r:this._internals.username=r}get password(){let e=this.
_internals.url,n=e?e.password:this._internals.password;return decodeURIComponent(n)}set password(e){j.string(e);let n=this.
_internals.url,r=encodeURIComponent(e);n?n.password=r:this._internals.password=r}get http2(){return this._internals.http2}set http2(e){
j.boolean(e),this._internals.http2=e}get allowGetBody(){return this._internals.allowGetBody}set allowGetBody(e){j.boolean(
e),this._internals.allowGetBody=e}get copyPipedHeaders(){return this._internals.copyPipedHeaders}set copyPipedHeaders(e){
j.boolean(e),this._internals.copyPipedHeaders=e}get headers(){return this._internals.headers}set headers(e){In("headers",
e),this._merging?Object.assign(this._internals.headers,ws(e)):this._internals.headers=ws(e)}get methodRewriting(){return this.
_internals.methodRewriting}set methodRewriting(e){j.boolean(e),this._internals.methodRewriting=e}get dnsLookupIpVersion(){
return this._internals.dnsLookupIpVersion}set dnsLookupIpVersion(e){if(e!==void 0&&e!==4&&e!==6)throw new TypeError(`Inv\
alid DNS lookup IP version: ${e}`);this._internals.dnsLookupIpVersion=e}get parseJson(){return this._internals.parseJson}set parseJson(e){
j.function(e),this._internals.parseJson=e}get stringifyJson(){return this._internals.stringifyJson}set stringifyJson(e){
j.function(e),this._internals.stringifyJson=e}get retry(){return this._internals.retry}set retry(e){if(In("retry",e),P("\
retry.calculateDelay",[m.function,m.undefined],e.calculateDelay),P("retry.maxRetryAfter",[m.number,m.undefined],e.maxRetryAfter),
P("retry.limit",[m.number,m.undefined],e.limit),P("retry.methods",[m.array,m.undefined],e.methods),P("retry.statusCodes",
[m.array,m.undefined],e.statusCodes),P("retry.errorCodes",[m.array,m.undefined],e.errorCodes),P("retry.noise",[m.number,
m.undefined],e.noise),P("retry.enforceRetryRules",[m.boolean,m.undefined],e.enforceRetryRules),e.noise&&Math.abs(e.noise)>
100)throw new Error(`The maximum acceptable retry noise is +/- 100ms, got ${e.noise}`);for(let r in e)if(!(r in this._internals.
retry))throw new Error(`Unexpected retry option: ${r}`);this._merging?Object.assign(this._internals.retry,e):this._internals.
retry={...e};let{retry:n}=this._internals;n.methods=[...new Set(n.methods.map(r=>r.toUpperCase()))],n.statusCodes=[...new Set(
n.statusCodes)],n.errorCodes=[...new Set(n.errorCodes)]}get localAddress(){return this._internals.localAddress}set localAddress(e){
P("localAddress",[m.string,m.undefined],e),this._internals.localAddress=e}get method(){return this._internals.method}set method(e){
j.string(e),this._internals.method=e.toUpperCase()}get createConnection(){return this._internals.createConnection}set createConnection(e){
P("createConnection",[m.function,m.undefined],e),this._internals.createConnection=e}get cacheOptions(){return this._internals.
cacheOptions}set cacheOptions(e){In("cacheOptions",e),P("cacheOptions.shared",[m.boolean,m.undefined],e.shared),P("cache\
Options.cacheHeuristic",[m.number,m.undefined],e.cacheHeuristic),P("cacheOptions.immutableMinTimeToLive",[m.number,m.undefined],
e.immutableMinTimeToLive),P("cacheOptions.ignoreCargoCult",[m.boolean,m.undefined],e.ignoreCargoCult);for(let n in e)if(!(n in
this._internals.cacheOptions))throw new Error(`Cache option \`${n}\` does not exist`);this._merging?Object.assign(this._internals.
cacheOptions,e):this._internals.cacheOptions={...e}}get https(){return this._internals.https}set https(e){In("https",e),
P("https.rejectUnauthorized",[m.boolean,m.undefined],e.rejectUnauthorized),P("https.checkServerIdentity",[m.function,m.undefined],
e.checkServerIdentity),P("https.serverName",[m.string,m.undefined],e.serverName),P("https.certificateAuthority",[m.string,
m.object,m.array,m.undefined],e.certificateAuthority),P("https.key",[m.string,m.object,m.array,m.undefined],e.key),P("ht\
tps.certificate",[m.string,m.object,m.array,m.undefined],e.certificate),P("https.passphrase",[m.string,m.undefined],e.passphrase),
P("https.pfx",[m.string,m.buffer,m.array,m.undefined],e.pfx),P("https.alpnProtocols",[m.array,m.undefined],e.alpnProtocols),
P("https.ciphers",[m.string,m.undefined],e.ciphers),P("https.dhparam",[m.string,m.buffer,m.undefined],e.dhparam),P("http\
s.signatureAlgorithms",[m.string,m.undefined],e.signatureAlgorithms),P("https.minVersion",[m.string,m.undefined],e.minVersion),
P("https.maxVersion",[m.string,m.undefined],e.maxVersion),P("https.honorCipherOrder",[m.boolean,m.undefined],e.honorCipherOrder),
P("https.tlsSessionLifetime",[m.number,m.undefined],e.tlsSessionLifetime),P("https.ecdhCurve",[m.string,m.undefined],e.ecdhCurve),
P("https.certificateRevocationLists",[m.string,m.buffer,m.array,m.undefined],e.certificateRevocationLists),P("https.secu\
reOptions",[m.number,m.undefined],e.secureOptions);for(let n in e)if(!(n in this._internals.https))throw new Error(`HTTP\
S option \`${n}\` does not exist`);this._merging?Object.assign(this._internals.https,e):this._internals.https={...e}}get encoding(){
return this._internals.encoding}set encoding(e){if(e===null)throw new TypeError("To get a Buffer, set `options.responseT\
ype` to `buffer` instead");P("encoding",[m.string,m.undefined],e),this._internals.encoding=e}get resolveBodyOnly(){return this.
_internals.resolveBodyOnly}set resolveBodyOnly(e){j.boolean(e),this._internals.resolveBodyOnly=e}get isStream(){return this.
_internals.isStream}set isStream(e){j.boolean(e),this._internals.isStream=e}get responseType(){return this._internals.responseType}set responseType(e){
if(e===void 0){this._internals.responseType="text";return}if(e!=="text"&&e!=="buffer"&&e!=="json")throw new Error(`Inval\
id \`responseType\` option: ${e}`);this._internals.responseType=e}get pagination(){return this._internals.pagination}set pagination(e){
j.object(e),this._merging?Object.assign(this._internals.pagination,e):this._internals.pagination=e}get auth(){throw new Error(
"Parameter `auth` is deprecated. Use `username` / `password` instead.")}set auth(e){throw new Error("Parameter `auth` is\
 deprecated. Use `username` / `password` instead.")}get setHost(){return this._internals.setHost}set setHost(e){j.boolean(
e),this._internals.setHost=e}get maxHeaderSize(){return this._internals.maxHeaderSize}set maxHeaderSize(e){P("maxHeaderS\
ize",[m.number,m.undefined],e),this._internals.maxHeaderSize=e}get enableUnixSockets(){return this._internals.enableUnixSockets}set enableUnixSockets(e){
j.boolean(e),this._internals.enableUnixSockets=e}get strictContentLength(){return this._internals.strictContentLength}set strictContentLength(e){
j.boolean(e),this._internals.strictContentLength=e}toJSON(){return{...this._internals}}[Symbol.for("nodejs.util.inspect.\
custom")](e,n){return(0,Zr.inspect)(this._internals,n)}createNativeRequestOptions(){let e=this._internals,n=e.url,r;n.protocol===
"https:"?e.http2?r={...e.agent,http2:e.agent.http2??au.globalAgent}:r=e.agent.https:r=e.agent.http;let{https:o}=e,{pfx:i}=o;
return m.array(i)&&m.plainObject(i[0])&&(i=i.map(s=>({buf:s.buffer,passphrase:s.passphrase}))),{...e.cacheOptions,...this.
_unixOptions,ALPNProtocols:o.alpnProtocols,ca:o.certificateAuthority,cert:o.certificate,key:o.key,passphrase:o.passphrase,
pfx:o.pfx,rejectUnauthorized:o.rejectUnauthorized,checkServerIdentity:o.checkServerIdentity??ib.checkServerIdentity,servername:o.
serverName,ciphers:o.ciphers,honorCipherOrder:o.honorCipherOrder,minVersion:o.minVersion,maxVersion:o.maxVersion,sigalgs:o.
signatureAlgorithms,sessionTimeout:o.tlsSessionLifetime,dhparam:o.dhparam,ecdhCurve:o.ecdhCurve,crl:o.certificateRevocationLists,
secureOptions:o.secureOptions,lookup:e.dnsLookup??e.dnsCache?.lookup,family:e.dnsLookupIpVersion,agent:r,setHost:e.setHost,
method:e.method,maxHeaderSize:e.maxHeaderSize,localAddress:e.localAddress,headers:e.headers,createConnection:e.createConnection,
timeout:e.http2?fI(e):void 0,h2session:e.h2session}}getRequestFunction(){let e=this._internals.url,{request:n}=this._internals;
return!n&&e?this.getFallbackRequestFunction():n}getFallbackRequestFunction(){let e=this._internals.url;if(e){if(e.protocol===
"https:"){if(this._internals.http2){if(nb<15||nb===15&&rI<10){let n=new Error("To use the `http2` option, install Node.j\
s 15.10.0 or above");throw n.code="EUNSUPPORTED",n}return au.auto}return sb.default.request}return ab.default.request}}freeze(){
let e=this._internals;Object.freeze(e),Object.freeze(e.hooks),Object.freeze(e.hooks.afterResponse),Object.freeze(e.hooks.
beforeError),Object.freeze(e.hooks.beforeRedirect),Object.freeze(e.hooks.beforeRequest),Object.freeze(e.hooks.beforeRetry),
Object.freeze(e.hooks.init),Object.freeze(e.https),Object.freeze(e.cacheOptions),Object.freeze(e.agent),Object.freeze(e.
headers),Object.freeze(e.timeout),Object.freeze(e.retry),Object.freeze(e.retry.errorCodes),Object.freeze(e.retry.methods),
Object.freeze(e.retry.statusCodes)}}});var Ft,Ut,Ss,ks=v(()=>{l();Rn();Ft=t=>{let{statusCode:e}=t,{followRedirect:n}=t.request.options,o=(typeof n=="function"?
n(t):n)?299:399;return e>=200&&e<=o||e===304},Ut=class extends K{name="ParseError";code="ERR_BODY_PARSE_FAILURE";constructor(e,n){
let{options:r}=n.request;super(`${e.message} in "${r.url.toString()}"`,e,n.request)}},Ss=(t,e,n,r)=>{let{rawBody:o}=t;try{
if(e==="text")return o.toString(r);if(e==="json")return o.length===0?"":n(o.toString(r));if(e==="buffer")return o}catch(i){
throw new Ut(i,t)}throw new Ut({message:`Unknown body type '${e}'`,name:"Error"},t)}});function dI(t){return t.writable&&!t.writableEnded}var lb,ub=v(()=>{l();lb=dI});function eo(t){return t.protocol==="unix:"||t.hostname==="unix"}function lu(t){if(eo(t))return/(?<socketPath>.+?):(?<path>.+)/.
exec(`${t.pathname}${t.search}`)?.groups?.socketPath}var fb=v(()=>{l()});function uu(){return(0,db.randomUUID)()}function fu(t){ge.requestCreate.hasSubscribers&&ge.requestCreate.publish(t)}function du(t){
ge.requestStart.hasSubscribers&&ge.requestStart.publish(t)}function pu(t){ge.responseStart.hasSubscribers&&ge.responseStart.
publish(t)}function hu(t){ge.responseEnd.hasSubscribers&&ge.responseEnd.publish(t)}function mu(t){ge.retry.hasSubscribers&&
ge.retry.publish(t)}function yu(t){ge.error.hasSubscribers&&ge.error.publish(t)}function gu(t){ge.redirect.hasSubscribers&&
ge.redirect.publish(t)}var db,Et,ge,wu=v(()=>{l();db=require("node:crypto"),Et=Z(require("node:diagnostics_channel"),1),
ge={requestCreate:Et.default.channel("got:request:create"),requestStart:Et.default.channel("got:request:start"),responseStart:Et.default.
channel("got:response:start"),responseEnd:Et.default.channel("got:response:end"),retry:Et.default.channel("got:request:r\
etry"),error:Et.default.channel("got:request:error"),redirect:Et.default.channel("got:response:redirect")}});var $n,Pn,mb,to,pI,hI,pb,mI,bu,yI,hb,gI,Es,Bt,As=v(()=>{l();$n=Z(require("node:process"),1),Pn=require("node:buffer"),mb=
require("node:stream"),to=Z(require("node:http"),1);Ew();Tw();Ow();Ve();Zl();Kw();Gw();eu();nu();Jw();zw();Xw();su();Nn();
ks();ub();fb();Rn();wu();pI=m.string($n.default.versions.brotli),hI=m.string($n.default.versions.zstd),pb=new Set(["GET",
"HEAD"]),mI=new Set(["OPTIONS","DELETE","PATCH"]),bu=new Xr,yI=new Set([300,301,302,303,304,307,308]),hb=new WeakSet,gI=
["socket","connect","continue","information","upgrade"],Es=()=>{},Bt=class t extends mb.Duplex{["constructor"];_noPipe;options;response;requestUrl;redirectUrls=[];retryCount=0;_stopReading=!1;_stopRetry=Es;_downloadedSize=0;_uploadedSize=0;_pipedServerResponses=new Set;_request;_responseSize;_bodySize;_unproxyEvents=Es;_isFromCache;_triggerRead=!1;_jobs=[];_cancelTimeouts=Es;_removeListeners=Es;_nativeResponse;_flushed=!1;_aborted=!1;_expectedContentLength;_compressedBytesCount;_requestId=uu();_requestInitialized=!1;constructor(e,n,r){
super({autoDestroy:!1,highWaterMark:0}),this.on("pipe",i=>{this.options.copyPipedHeaders&&i?.headers&&Object.assign(this.
options.headers,i.headers)}),this.on("newListener",i=>{if(i==="retry"&&this.listenerCount("retry")>0)throw new Error("A \
retry listener has been attached already.")});try{if(this.options=new ye(e,n,r),!this.options.url){if(this.options.prefixUrl===
"")throw new TypeError("Missing `url` property");this.options.url=""}this.requestUrl=this.options.url,fu({requestId:this.
_requestId,url:this.options.url?.toString()??"",method:this.options.method})}catch(i){let{options:s}=i;s&&(this.options=
s),this.flush=async()=>{this.flush=async()=>{},$n.default.nextTick(()=>{if(this.options)this._beforeError(i);else{let a=i instanceof
K?i:new K(i.message,i,this);this.destroy(a)}})};return}let{body:o}=this.options;if(m.nodeStream(o)&&o.once("error",i=>{this.
_flushed?this._beforeError(new xn(i,this)):this.flush=async()=>{this.flush=async()=>{},this._beforeError(new xn(i,this))}}),
this.options.signal){let i=()=>{this.options.signal?.reason?.name==="TimeoutError"?this.destroy(new vn(this.options.signal.
reason,this.timings,this)):this.destroy(new Ur(this))};this.options.signal.aborted?i():(this.options.signal.addEventListener(
"abort",i),this._removeListeners=()=>{this.options.signal?.removeEventListener("abort",i)})}}async flush(){if(!this._flushed){
this._flushed=!0;try{if(await this._finalizeBody(),this.destroyed)return;if(await this._makeRequest(),this.destroyed){this.
_request?.destroy();return}for(let e of this._jobs)e();this._jobs.length=0,this._requestInitialized=!0}catch(e){this._beforeError(
e)}}}_beforeError(e){if(this._stopReading)return;let{response:n,options:r}=this,o=this.retryCount+(e.name==="RetryError"?
0:1);this._stopReading=!0,e instanceof K||(e=new K(e.message,e,this));let i=e;(async()=>{if(n?.readable&&!n.rawBody&&!this.
_request?.socket?.destroyed&&(n.setEncoding(this.readableEncoding),await this._setRawBody(n)&&(n.body=n.rawBody.toString())),
this.listenerCount("retry")!==0){let s;try{let a;n&&"retry-after"in n.headers&&(a=Number(n.headers["retry-after"]),Number.
isNaN(a)?(a=Date.parse(n.headers["retry-after"])-Date.now(),a<=0&&(a=1)):a*=1e3);let c=r.retry,u=gs({attemptCount:o,retryOptions:c,
error:i,retryAfter:a,computedValue:c.maxRetryAfter??r.timeout.request??Number.POSITIVE_INFINITY});c.enforceRetryRules&&u===
0?s=0:s=await c.calculateDelay({attemptCount:o,retryOptions:c,error:i,retryAfter:a,computedValue:u})}catch(a){this._error(
new K(a.message,a,this));return}if(s){if(await new Promise(d=>{let f=setTimeout(d,s);this._stopRetry=()=>{clearTimeout(f),
d()}}),this.destroyed)return;let a=this.options.body;try{for(let d of this.options.hooks.beforeRetry)await d(i,this.retryCount+
1)}catch(d){this._error(new K(d.message,d,this));return}if(this.destroyed)return;let c=this.options.body;if(a!==c){let d=a;
if(this.options.body=void 0,this.destroy(),m.nodeStream(d)&&d!==c&&d.destroy(),m.nodeStream(c)&&(c.readableEnded||c.destroyed))
throw new TypeError("The reassigned stream body must be readable. Ensure you provide a fresh, readable stream in the bef\
oreRetry hook.");this.options._internals.body=c}else this.destroy();mu({requestId:this._requestId,retryCount:this.retryCount+
1,error:i,delay:s}),this.emit("retry",this.retryCount+1,e,d=>{let f=new t(r.url,d,r);return f.retryCount=this.retryCount+
1,$n.default.nextTick(()=>{f.flush()}),f});return}}this._error(i)})()}_read(){this._triggerRead=!0;let{response:e}=this;
if(e&&!this._stopReading){e.readableLength&&(this._triggerRead=!1);let n;for(;(n=e.read())!==null;){this._downloadedSize+=
n.length;let r=this.downloadProgress;r.percent<1&&this.emit("downloadProgress",r),this.push(n)}}}_write(e,n,r){let o=()=>{
this._writeRequest(e,n,r)};this._requestInitialized?o():this._jobs.push(o)}_final(e){let n=()=>{if(!this._request||this.
_request.destroyed){e();return}this._request.end(r=>{this._request?._writableState?.errored||(r||(this._bodySize=this._uploadedSize,
this.emit("uploadProgress",this.uploadProgress),this._request?.emit("upload-complete")),e(r))})};this._requestInitialized?
n():this._jobs.push(n)}_destroy(e,n){if(this._stopReading=!0,this.flush=async()=>{},this._stopRetry(),this._cancelTimeouts(),
this._removeListeners(),this.options){let{body:o}=this.options;m.nodeStream(o)&&o.destroy()}this._request&&this._request.
destroy();let r=this._request?.timings;r&&m.undefined(r.end)&&!m.undefined(r.response)&&m.undefined(r.error)&&m.undefined(
r.abort)&&(r.end=Date.now(),m.undefined(r.phases.total)&&(r.phases.download=r.end-r.response,r.phases.total=r.end-r.start)),
e!==null&&!m.undefined(e)&&!(e instanceof Error&&hb.has(e))&&!(e instanceof K)&&(e=e instanceof Error?new K(e.message,e,
this):new K(String(e),{},this)),n(e)}pipe(e,n){return e instanceof to.ServerResponse&&this._pipedServerResponses.add(e),
super.pipe(e,n)}unpipe(e){return e instanceof to.ServerResponse&&this._pipedServerResponses.delete(e),super.unpipe(e),this}_checkContentLengthMismatch(){
if(this.options.strictContentLength&&this._expectedContentLength!==void 0){let e=this._compressedBytesCount??this._downloadedSize;
if(e!==this._expectedContentLength)return this._beforeError(new Dt({message:`Content-Length mismatch: expected ${this._expectedContentLength}\
 bytes, received ${e} bytes`,name:"Error",code:"ERR_HTTP_CONTENT_LENGTH_MISMATCH"},this)),!0}return!1}async _finalizeBody(){
let{options:e}=this,{headers:n}=e,r=!m.undefined(e.form),o=!m.undefined(e.json),i=!m.undefined(e.body),s=pb.has(e.method)&&
!(e.method==="GET"&&e.allowGetBody);if(r||o||i){if(s)throw new TypeError(`The \`${e.method}\` method cannot be used with \
a body`);let a=!m.string(n["content-type"]);if(i){if(Wr(e.body)){let u=new jw(e.body);a&&(n["content-type"]=u.headers["C\
ontent-Type"]),"Content-Length"in u.headers&&(n["content-length"]=u.headers["Content-Length"]),e.body=u.encode()}Vr(e.body)&&
a&&(n["content-type"]=`multipart/form-data; boundary=${e.body.getBoundary()}`)}else if(r){a&&(n["content-type"]="applica\
tion/x-www-form-urlencoded");let{form:u}=e;e.form=void 0,e.body=new URLSearchParams(u).toString()}else{a&&(n["content-ty\
pe"]="application/json");let{json:u}=e;e.json=void 0,e.body=e.stringifyJson(u)}let c=await tu(e.body,e.headers);m.undefined(
n["content-length"])&&m.undefined(n["transfer-encoding"])&&!s&&!m.undefined(c)&&(n["content-length"]=String(c))}e.responseType===
"json"&&!("accept"in e.headers)&&(e.headers.accept="application/json"),this._bodySize=Number(n["content-length"])||void 0}async _onResponseBase(e){
if(this.isAborted)return;let{options:n}=this,{url:r}=n;this._nativeResponse=e;let o=e.statusCode,{method:i}=n,s=i==="HEA\
D"||o>=100&&o<200||o===204||o===205||o===304;n.decompress&&!s&&(n.strictContentLength&&(this._compressedBytesCount=0,this.
_nativeResponse.on("data",d=>{this._compressedBytesCount+=ds(d)})),e=_w(e));let a=e;a.statusMessage=a.statusMessage||to.default.
STATUS_CODES[o],a.url=n.url.toString(),a.requestUrl=this.requestUrl,a.redirectUrls=this.redirectUrls,a.request=this,a.isFromCache=
this._nativeResponse.fromCache??!1,a.ip=this.ip,a.retryCount=this.retryCount,a.ok=Ft(a),this._isFromCache=a.isFromCache,
this._responseSize=Number(e.headers["content-length"])||void 0,this.response=a,pu({requestId:this._requestId,url:a.url,statusCode:o,
headers:e.headers,isFromCache:a.isFromCache}),e.once("error",d=>{this._aborted=!0,e.destroy(),this._beforeError(new Dt(d,
this))}),e.once("aborted",()=>{this._aborted=!0,this._checkContentLengthMismatch()||this._beforeError(new Dt({name:"Erro\
r",message:"The server aborted pending request",code:"ECONNRESET"},this))});let c=e.headers["set-cookie"];if(m.object(n.
cookieJar)&&c){let d=c.map(async f=>n.cookieJar.setCookie(f,r.toString()));n.ignoreInvalidCookies&&(d=d.map(async f=>{try{
await f}catch{}}));try{await Promise.all(d)}catch(f){this._beforeError(f);return}}if(this.isAborted)return;if(e.headers.
location&&yI.has(o)&&(typeof n.followRedirect=="function"?n.followRedirect(a):n.followRedirect)){if(e.resume(),this._cancelTimeouts(),
this._unproxyEvents(),this.redirectUrls.length>=n.maxRedirects){this._beforeError(new Dr(this));return}this._request=void 0,
this._downloadedSize=0;let f=new ye(void 0,void 0,this.options),p=o===303&&f.method!=="GET"&&f.method!=="HEAD",g=o!==307&&
o!==308,k=f.methodRewriting&&g;(p||k)&&(f.method="GET",f.body=void 0,f.json=void 0,f.form=void 0,delete f.headers["conte\
nt-length"]);try{let y=Pn.Buffer.from(e.headers.location,"binary").toString(),w=new URL(y,r);if(!eo(r)&&eo(w)){this._beforeError(
new K("Cannot redirect to UNIX socket",{},this));return}w.hostname!==r.hostname||w.port!==r.port||lu(r)!==lu(w)?("host"in
f.headers&&delete f.headers.host,"cookie"in f.headers&&delete f.headers.cookie,"authorization"in f.headers&&delete f.headers.
authorization,(f.username||f.password)&&(f.username="",f.password="")):(w.username=f.username,w.password=f.password),this.
redirectUrls.push(w),f.url=w;for(let E of f.hooks.beforeRedirect)await E(f,a);gu({requestId:this._requestId,fromUrl:r.toString(),
toUrl:w.toString(),statusCode:o}),this.emit("redirect",f,a),this.options=f,await this._makeRequest()}catch(y){this._beforeError(
y);return}return}if(n.isStream&&n.throwHttpErrors&&!Ft(a)){this._beforeError(new Je(a));return}let u=e!==this._nativeResponse;
if(!s&&(!u||n.strictContentLength)){let d=this._nativeResponse.headers["content-length"];if(d!==void 0){let f=Number(d);
!Number.isNaN(f)&&f>=0&&(this._expectedContentLength=f)}}if(e.once("end",()=>{this._checkContentLengthMismatch()||(this.
_responseSize=this._downloadedSize,this.emit("downloadProgress",this.downloadProgress),hu({requestId:this._requestId,url:a.
url,statusCode:o,bodySize:this._downloadedSize,timings:this.timings}),this.push(null))}),this.emit("downloadProgress",this.
downloadProgress),e.on("readable",()=>{this._triggerRead&&this._read()}),this.on("resume",()=>{e.resume()}),this.on("pau\
se",()=>{e.pause()}),this._noPipe){await this._setRawBody()&&this.emit("response",e);return}this.emit("response",e);for(let d of this.
_pipedServerResponses){if(d.headersSent)continue;let f=e!==this._nativeResponse;for(let p in e.headers)if(Object.hasOwn(
e.headers,p)){let g=e.headers[p];if(f&&(p==="content-encoding"||p==="content-length"))continue;g!==void 0&&d.setHeader(p,
g)}d.statusCode=o}}async _setRawBody(e=this){if(e.readableEnded)return!1;try{let n=await e.toArray(),r=Sn(n.at(0))?Pn.Buffer.
concat(n):Pn.Buffer.from(n.join(""));if(!this.isAborted)return this.response.rawBody=r,!0}catch{}return!1}async _onResponse(e){
try{await this._onResponseBase(e)}catch(n){this._beforeError(n)}}_onRequest(e){let{options:n}=this,{timeout:r,url:o}=n;du(
{requestId:this._requestId,url:o?.toString()??"",method:n.method,headers:n.headers}),Bw(e),this._cancelTimeouts=ou(e,r,o),
this.options.http2&&(e.removeAllListeners("timeout"),e.once("socket",s=>{s.removeAllListeners("timeout")}));let i=n.cache?
"cacheableResponse":"response";e.once(i,s=>{this._onResponse(s)}),e.once("error",s=>{this._aborted=!0,e.destroy(),s=s instanceof
zr?new vn(s,this.timings,this):new K(s.message,s,this),this._beforeError(s)}),this._unproxyEvents=Jr(e,this,gI),this._request=
e,this.emit("uploadProgress",this.uploadProgress),this._sendBody(),this.emit("request",e)}async _asyncWrite(e){return new Promise(
(n,r)=>{super.write(e,o=>{if(o){r(o);return}n()})})}_sendBody(){let{body:e}=this.options,n=this.redirectUrls.length===0?
this:this._request??this;if(m.nodeStream(e))e.pipe(n);else if(m.buffer(e))this._writeRequest(e,void 0,()=>{}),n.end();else if(m.
typedArray(e)){let r=e,o=new Uint8Array(r.buffer,r.byteOffset,r.byteLength);this._writeRequest(o,void 0,()=>{}),n.end()}else if(m.
asyncIterable(e)||m.iterable(e)&&!m.string(e)&&!Sn(e))(async()=>{try{for await(let r of e)await this._asyncWrite(r);super.
end()}catch(r){this._beforeError(r)}})();else if(m.undefined(e)){let r=pb.has(this.options.method)&&!(this.options.method===
"GET"&&this.options.allowGetBody),o=mI.has(this.options.method);((this._noPipe??!1)||r||n!==this||o)&&n.end()}else this.
_writeRequest(e,void 0,()=>{}),n.end()}_prepareCache(e){if(bu.has(e))return;let n=new Aw(((r,o)=>{let i=o&&(a=>{let{beforeCacheHooks:c,
gotRequest:u}=r;if(!c||c.length===0){o(a);return}try{for(let d of c){let f=d(a);if(f===!1){a.headers["cache-control"]="n\
o-cache, no-store, must-revalidate",a.headers.pragma="no-cache",a.headers.expires="0",o(a);return}if(m.promise(f))throw new TypeError(
"beforeCache hooks must be synchronous. The hook returned a Promise, but this hook must return synchronously. If you nee\
d async logic, use beforeRequest hook instead.");if(f!==void 0)throw new TypeError("beforeCache hook must return false o\
r undefined. To modify the response, mutate it directly.")}}catch(d){if(u){u._beforeError(d instanceof K?d:new K(d.message,
d,u));return}console.error("Got: beforeCache hook error (request context unavailable):",d),o(a);return}o(a)}),s=r._request(
r,i);return m.promise(s)&&(s.once=(a,c)=>{if(a==="error")(async()=>{try{await s}catch(u){c(u)}})();else if(a==="abort"||
a==="destroy")(async()=>{try{(await s).once(a,c)}catch{}})();else throw new Error(`Unknown HTTP2 promise event: ${a}`);return s}),
s}),e);bu.set(e,n.request())}async _createCacheableRequest(e,n){return new Promise((r,o)=>{Object.assign(n,iu(e));let i,
s=bu.get(n.cache)(n,async a=>{if(a._readableState.autoDestroy=!1,i){let c=()=>{a.req?a.complete=a.req.res.complete:a.complete===
void 0&&(a.complete=!0)};a.prependOnceListener("end",c),c(),(await i).emit("cacheableResponse",a)}r(a)});s.once("error",
o),s.once("request",async a=>{i=a,r(i)})})}async _makeRequest(){let{options:e}=this,{headers:n,username:r,password:o}=e,
i=e.cookieJar;for(let u in n)if(m.undefined(n[u]))delete n[u];else if(m.null(n[u]))throw new TypeError(`Use \`undefined\` \
instead of \`null\` to delete the \`${u}\` header`);if(e.decompress&&m.undefined(n["accept-encoding"])){let u=["gzip","d\
eflate"];pI&&u.push("br"),hI&&u.push("zstd"),n["accept-encoding"]=u.join(", ")}if(r||o){let u=Pn.Buffer.from(`${r}:${o}`).
toString("base64");n.authorization=`Basic ${u}`}if(i){let u=await i.getCookieString(e.url.toString());m.nonEmptyString(u)&&
(n.cookie=u)}let s;for(let u of e.hooks.beforeRequest){let d=await u(e,{retryCount:this.retryCount});if(!m.undefined(d)){
s=()=>d;break}}s||=e.getRequestFunction();let a=e.url;if(this._requestOptions=e.createNativeRequestOptions(),e.cache){this.
_requestOptions._request=s,this._requestOptions.cache=e.cache,this._requestOptions.body=e.body,this._requestOptions.beforeCacheHooks=
e.hooks.beforeCache,this._requestOptions.gotRequest=this;try{this._prepareCache(e.cache)}catch(u){throw new On(u,this)}}
let c=e.cache?this._createCacheableRequest:s;try{let u=c(a,this._requestOptions);m.promise(u)&&(u=await u),m.undefined(u)&&
(u=e.getFallbackRequestFunction()(a,this._requestOptions),m.promise(u)&&(u=await u)),lb(u)?this._onRequest(u):this.writableEnded?
this._onResponse(u):(this.once("finish",()=>{this._onResponse(u)}),this._sendBody())}catch(u){throw u instanceof ps?new On(
u,this):u}}async _error(e){try{if(!(this.options&&e instanceof Je&&!this.options.throwHttpErrors)){if(this.options){let n=this.
options.hooks.beforeError;if(n.length>0){for(let r of n)if(e=await r(e),!(e instanceof Error))throw new TypeError(`The \`\
beforeError\` hook must return an Error instance. Received ${m.string(e)?"string":typeof e}.`);e instanceof K||hb.add(e)}}}}catch(n){
e=new K(n.message,n,this)}yu({requestId:this._requestId,url:this.options?.url?.toString()??"",error:e,timings:this.timings}),
this.destroy(e),this._noPipe&&$n.default.nextTick(()=>{this.emit("error",e)})}_writeRequest(e,n,r){if(!this._request||this.
_request.destroyed){r();return}this._request.write(e,n,o=>{if(!o&&!this._request.destroyed){let i=typeof e=="string"?Pn.Buffer.
from(e,n):e;this._uploadedSize+=ds(i);let s=this.uploadProgress;s.percent<1&&this.emit("uploadProgress",s)}r(o)})}get ip(){
return this.socket?.remoteAddress}get isAborted(){return this._aborted}get socket(){return this._request?.socket??void 0}get downloadProgress(){
let e;return this._responseSize?e=this._downloadedSize/this._responseSize:this._responseSize===this._downloadedSize?e=1:
e=0,{percent:e,transferred:this._downloadedSize,total:this._responseSize}}get uploadProgress(){let e;return this._bodySize?
e=this._uploadedSize/this._bodySize:this._bodySize===this._uploadedSize?e=1:e=0,{percent:e,transferred:this._uploadedSize,
total:this._bodySize}}get timings(){return this._request?.timings}get isFromCache(){return this._isFromCache}get reusedSocket(){
return this._request?.reusedSocket}get isReadonly(){return!m.undefined(this.options?.body)||!m.undefined(this.options?.json)||
!m.undefined(this.options?.form)}}});var no,Su=v(()=>{l();Rn();no=class extends K{constructor(e){super("Promise was canceled",{},e),this.name="CancelError",this.
code="ERR_CANCELED"}get isCanceled(){return!0}}});function Ts(t){let e,n,r,o=new yb.EventEmitter,i=!1,s=new _n((c,u,d)=>{d(()=>{e.destroy()}),d.shouldReject=!1,d(()=>{i=!0,
u(new no(e))});let f=p=>{d(()=>{});let g=t??new Bt(void 0,void 0,r);g.retryCount=p,g._noPipe=!0,e=g,g.once("response",async S=>{
let E=(S.headers["content-encoding"]??"").toLowerCase(),_=E==="gzip"||E==="deflate"||E==="br"||E==="zstd",{options:x}=g;
if(_&&!x.decompress)S.body=S.rawBody;else try{S.body=Ss(S,x.responseType,x.parseJson,x.encoding)}catch(N){try{S.body=S.rawBody.
toString()}catch(L){g._beforeError(new Ut(L,S));return}if(Ft(S)){g._beforeError(N);return}}try{let N=x.hooks.afterResponse;
for(let[L,Y]of N.entries())if(S=await Y(S,async C=>{let Q=C.preserveHooks??!1;throw x.merge(C),x.prefixUrl="",C.url&&(x.
url=C.url),Q||(x.hooks.afterResponse=x.hooks.afterResponse.slice(0,L)),new qr(g)}),!(m.object(S)&&m.number(S.statusCode)&&
"body"in S))throw new TypeError("The `afterResponse` hook returned an invalid value")}catch(N){g._beforeError(N);return}
if(n=S,!Ft(S)){g._beforeError(new Je(S));return}g.destroy(),i=!0,c(g.options.resolveBodyOnly?S.body:S)});let k=!1,y=S=>{
if(s.isCanceled)return;if(!g._stopReading){g._beforeError(S);return}if(k)return;k=!0,i=!0;let{options:E}=g;if(S instanceof
Je&&!E.throwHttpErrors){let{response:_}=S;g.destroy(),c(g.options.resolveBodyOnly?_.body:_);return}u(S)};g.on("error",y);
let w=g.options?.body;g.once("retry",(S,E)=>{if(t=void 0,i)return;let _=g.options.body;if(w===_&&m.nodeStream(_)){E.message=
"Cannot retry with consumed body stream",y(E);return}r=g.options,f(S)}),Jr(g,o,wI),m.undefined(t)&&g.flush()};f(0)});s.on=
(c,u)=>(o.on(c,u),s),s.off=(c,u)=>(o.off(c,u),s);let a=(c,u)=>{let d=(async()=>{await c;let{options:f}=n.request;return Ss(
n,u,f.parseJson,f.encoding)})();return Object.defineProperties(d,Object.getOwnPropertyDescriptors(c)),d};return s.json=function(){
if(e.options){let{headers:c}=e.options;!e.writableFinished&&!("accept"in c)&&(c.accept="application/json")}return a(this,
"json")},s.buffer=function(){return a(this,"buffer")},s.text=function(){return a(this,"text")},s}var yb,wI,gb=v(()=>{l();
yb=require("node:events");Ve();Sw();Rn();As();ks();nu();Su();wI=["request","response","redirect","uploadProgress","downl\
oadProgress"]});var wb,bI,SI,bb,_s,ku=v(()=>{l();wb=require("node:timers/promises");Ve();gb();As();Nn();bI=t=>m.function(t),SI=["get","p\
ost","put","patch","head","delete"],bb=t=>{t={options:new ye(void 0,void 0,t.options),handlers:[...t.handlers],mutableDefaults:t.
mutableDefaults},Object.defineProperty(t,"mutableDefaults",{enumerable:!0,configurable:!1,writable:!1});let e=((r,o,i=t.
options)=>{let s=new Bt(r,o,i),a,c=f=>(s.options=f,s._noPipe=!f?.isStream,s.flush(),f?.isStream?s:(a||=Ts(s),a)),u=0,d=f=>{
let g=(t.handlers[u++]??c)(f,d);if(m.promise(g)&&!s.options?.isStream&&(a||=Ts(s),g!==a)){let k=Object.getOwnPropertyDescriptors(
a);for(let y in k)y in g&&delete k[y];Object.defineProperties(g,k),g.cancel=a.cancel}return g};return d(s.options)});e.extend=
(...r)=>{let o=new ye(void 0,void 0,t.options),i=[...t.handlers],s;for(let a of r)bI(a)?(o.merge(a.defaults.options),i.push(
...a.defaults.handlers),s=a.defaults.mutableDefaults):(o.merge(a),a.handlers&&i.push(...a.handlers),s=a.mutableDefaults);
return bb({options:o,handlers:i,mutableDefaults:!!s})};let n=(async function*(r,o){let i=new ye(r,o,t.options);i.resolveBodyOnly=
!1;let{pagination:s}=i;j.function(s.transform),j.function(s.shouldContinue),j.function(s.filter),j.function(s.paginate),
j.number(s.countLimit),j.number(s.requestLimit),j.number(s.backoff);let a=[],{countLimit:c}=s,u=0;for(;u<s.requestLimit;){
u!==0&&await(0,wb.setTimeout)(s.backoff);let d=await e(void 0,void 0,i),f=await s.transform(d),p=[];j.array(f);for(let k of f)
if(s.filter({item:k,currentItems:p,allItems:a})&&(!s.shouldContinue({item:k,currentItems:p,allItems:a})||(yield k,s.stackAllItems&&
a.push(k),p.push(k),--c<=0)))return;let g=s.paginate({response:d,currentItems:p,allItems:a});if(g===!1)return;if(g===d.request.
options)i=d.request.options;else{i.merge(g);try{j.any([m.urlInstance,m.undefined],g.url)}catch(k){throw k instanceof Error&&
(k.message=`Option 'pagination.paginate.url': ${k.message}`),k}g.url!==void 0&&(i.prefixUrl="",i.url=g.url)}u++}});e.paginate=
n,e.paginate.all=(async(r,o)=>{let i=[];for await(let s of n(r,o))i.push(s);return i}),e.paginate.each=n,e.stream=((r,o)=>e(
r,{...o,isStream:!0}));for(let r of SI)e[r]=((o,i)=>e(o,{...i,method:r})),e.stream[r]=((o,i)=>e(o,{...i,method:r,isStream:!0}));
return t.mutableDefaults||(Object.freeze(t.handlers),t.options.freeze()),Object.defineProperty(e,"defaults",{value:t,writable:!1,
configurable:!1,enumerable:!0}),e},_s=bb});var Sb=v(()=>{l()});var Eb={};Ln(Eb,{AbortError:()=>Ur,CacheError:()=>On,CancelError:()=>no,HTTPError:()=>Je,MaxRedirectsError:()=>Dr,Options:()=>ye,
ParseError:()=>Ut,ReadError:()=>Dt,RequestError:()=>K,RetryError:()=>qr,TimeoutError:()=>vn,UploadError:()=>xn,calculateRetryDelay:()=>gs,
create:()=>_s,default:()=>EI,generateRequestId:()=>uu,got:()=>kb,isResponseOk:()=>Ft,parseBody:()=>Ss,parseLinkHeader:()=>Qr,
publishError:()=>yu,publishRedirect:()=>gu,publishRequestCreate:()=>fu,publishRequestStart:()=>du,publishResponseEnd:()=>hu,
publishResponseStart:()=>pu,publishRetry:()=>mu});var kI,kb,EI,Ab=v(()=>{l();ku();Nn();Nn();Nn();ks();As();Rn();wu();su();
Su();Sb();ku();cu();kI={options:new ye,handlers:[],mutableDefaults:!1},kb=_s(kI),EI=kb});var Ob={};Ln(Ob,{MAX_REPLY_BYTES:()=>_b,createHttp:()=>xI});function xI(t){let{agents:e=Jy()}=t,{got:n}=(Ab(),$u(Eb));return vI.
bind(void 0,{...t,agents:e,got:n})}async function vI(t,e){e.signal.throwIfAborted();let n=z()+e.timeoutMs,r=new AbortController,
o=AbortSignal.timeout(Math.ceil(e.timeoutMs)),i=AbortSignal.any([e.signal,o,r.signal]),s=Math.min(e.connectTimeoutMs??AI,
Math.ceil(e.timeoutMs)),a={method:e.method,url:e.url,signal:i,json:e.json&&Eu(e.json),form:e.form&&Eu(e.form),headers:{"\
user-agent":t.userAgent,"accept-encoding":"identity",accept:"application/json",...Eu(e.headers??{})},agent:{...await t.agents(
e,i)},...e.ca===void 0?{}:{https:{certificateAuthority:rs(e.ca)}}},c=t.got({...a,followRedirect:!1,decompress:!1,timeout:{
lookup:s,connect:s,secureConnect:s,request:t.attemptTimeoutMs??TI},retry:RI(e,()=>n-z(),t)}),u=p=>{p>_b&&r.abort()},d;c.
on("request",p=>{d=Cy(p),Iy(p),p.once("response",({headers:g})=>u(Number(g["content-length"]??0)))}),c.on("downloadProgr\
ess",({transferred:p})=>u(p));let f=await c.catch(p=>{throw e.signal.throwIfAborted(),r.signal.aborted?By(e):Ly(p,e,{outOfTime:o.
aborted,attempt:d})});return Uy(f,e,ns(d))}function RI(t,e,n){let{random:r=Math.random,now:o=Date.now}=n;return{limit:t.
retries,methods:["GET","POST"],statusCodes:OI,errorCodes:[...Dy,vl],maxRetryAfter:Number.MAX_SAFE_INTEGER,calculateDelay:({
attemptCount:i,computedValue:s,error:a})=>{if(s===0)return 0;let c=Math.min(Tb*3**(i-1),_I),u=Xy(a.response?.headers??{},
o)??c*(.5+r()/2);return u<e()?Math.max(Tb/2,u):0}}}function Eu(t){let e={};for(let[n,r]of Object.entries(t))e[n]=r instanceof
$?r.reveal():r;return e}var _b,AI,TI,Tb,_I,OI,xb=v(()=>{"use strict";l();H();Al();_l();Rl();Ky();zy();Qy();cs();it();_b=
64*1024,AI=1e4,TI=1e4,Tb=200,_I=5e3,OI=[408,429,...Array.from({length:100},(t,e)=>500+e)]});l();l();l();l();l();l();l();var Lu=require("node:crypto"),Ze=12*36e5;function io(t){return J(t.reveal()).slice(0,12)}function J(t){return(0,Lu.hash)(
"sha256",t)}var vs=4096;function Gt(t){return t.length<=vs&&/^[\x21-\x7e]+$/.test(t)}var Xb=/^(?:y[0-3]_[-_A-Za-z0-9]{20,}|AQAA[-_A-Za-z0-9]{20,}|Ag[-_A-Za-z0-9]{30,})$/,
Qb=/^t\d\.[-_=A-Za-z0-9]+\.[-_=A-Za-z0-9]+$/;function so(t){return Xb.test(t)}function ao(t){return Qb.test(t)}var Zb=/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;function Rs(t){let[,e,n="",r]=typeof t=="strin\
g"?Zb.exec(t)??[]:[];if(e===void 0||r===void 0)return;let o=Date.parse(`${e}${n.slice(0,4)}${r}`);return Number.isNaN(o)?
void 0:o}function Yt(t,e){if(t==null)return"has no expiresAt";let n=Rs(t);return n===void 0?"has an expiresAt that is no\
t an RFC 3339 time with a zone":n<=e?"has an expiresAt that is in the past":Math.min(n,e+Ze)}function co(t,e){return t==
null?"has no expires_in":typeof t!="number"||!Number.isFinite(t)||t<=0?"has an expires_in that is not a number of second\
s above zero":e+Math.min(t*1e3,Ze)}M();D();l();l();M();D();var rS={ms:1,s:1e3,m:6e4,h:36e5},oS=/^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h))+$/,iS=/(\d+(?:\.\d+)?)(ms|s|m|h)/g;
function Uu(t,e,n=T(e)){if(!oS.test(t))throw new I(b`${n} is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.`,
e);return[...t.matchAll(iS)].reduce((r,[,o,i])=>r+Math.round(Number(o)*rS[i]),0)}function ue(t){let e=Math.max(0,Math.floor(
t/1e3)),r=[[Math.floor(e/3600),"h"],[Math.floor(e/60)%60,"m"],[e%60,"s"]].filter(([o])=>o>0).slice(0,2);return r.length===
0?"0s":r.map(([o,i])=>`${o}${i}`).join(" ")}l();M();D();var sS=/^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/;function aS({protocol:t,hostname:e}){return t==="https:"||
t==="http:"&&sS.test(e)}function Is(t,e,n){if(!URL.canParse(t))throw new I(b`${be(e)} is not a URL. Write it like https://host/path.`,
n);let r=new URL(t);if(r.username!==""||r.password!=="")throw new I(b`${be(e)} has a user or a password in it. Write the URL without them.`,
n);if(aS(r))return r;throw new I(b`${be(e)} must use https: a credential goes there. Plain http is for loopback addresses only.`,
n)}function ho(t,e,n){let r=Is(t.includes("://")?t:`https://${t}`,e,n);if(r.search===""&&r.hash==="")return r.href.replace(
/\/+$/,"");throw new I(b`${be(e)} has a query or a fragment in it. Write the URL without them.`,n)}M();D();H();l();H();var wf=3600,bf=15,Sf=(wf-bf)*1e3;async function kf(t,e,n){let{SignJWT:r}=await Promise.resolve().then(()=>(gf(),yf)),
o=Math.floor(n/1e3)-bf,i=await new r().setProtectedHeader({typ:"JWT",alg:"PS256",kid:t.id}).setIssuer(t.subjectId).setAudience(
e).setIssuedAt(o).setExpirationTime(o+wf).sign(t.privateKey);return new $(i)}l();M();D();var Hn={ru:{api:"https://api.cloud.yandex.net",iam:"https://iam.api.cloud.yandex.net",auth:"https://auth.yandex.\
cloud"},kz:{api:"https://api.yandexcloud.kz",iam:"https://iam.api.yandexcloud.kz"}},Ot="/iam/v1/tokens",vS=["endpoint","\
iamEndpoint","authEndpoint"];function Ef(t,e=T){let n={};for(let d of vS){let f=t[d];f!==void 0&&(n[d]=ho(f,()=>e(d),d))}
let{endpoint:r,iamEndpoint:o,authEndpoint:i}=n,s=RS(t.installation,r),a=s==="own"?void 0:Hn[s],c=s==="own"?void 0:Hn[s===
"ru"?"kz":"ru"];for(let[d,f]of Object.entries(n))if(Object.values(c??{}).includes(f))throw CS(d,s,e);let u=r!==void 0&&r!==
a?.api;return{installation:s,api:r??Hn[s==="kz"?"kz":"ru"].api,iam:o??(u?void 0:a?.iam),audience:t.audience??(a===void 0?
void 0:`${a.iam}${Ot}`),auth:i??a?.auth,identity:JSON.stringify([s,r,o,i,t.audience])}}function RS(t,e){return t==="ru"||
t==="kz"?t:e===void 0||e===Hn.ru.api?"ru":e===Hn.kz.api?"kz":"own"}function CS(t,e,n){let r=e==="ru"?"kz":"ru";return new I(
b`${n(t)} is an address of the installation ${r}, but the installation in use is ${e}: a credential of one is unknown to the other. Set ${T(
"installation")} to ${r}, or leave the address out.`,t)}l();M();D();var Tf=[400,401,403,404];function Gn(t){return t instanceof q||t instanceof R?Tf.includes(t.reply.status??0)&&
_f(t.reply):!1}function _f({iamCode:t,oauthError:e}){return t!==void 0||e!==void 0}function Yn(t){return Gn(t)&&t.reply.
status===401}function Of(t){if(!(t instanceof q)||!Tf.includes(t.reply.status??0))return t;let{text:e,reply:n}=t;return _f(
n)?new R(b`${e}${IS(n.serviceMessage??"")}`,void 0,n):new q(b`${e} These are not the words of Yandex Cloud: a proxy or a gateway seems to answer in its place. Check ${T(
"iamEndpoint")}, ${T("authEndpoint")} and the proxy.`,"status",n)}var Af=b`${T("serviceAccountKey")}, ${T("workloadIdent\
ity")} or ${T("ycCli")}`;function IS(t){return/issued after '[^']*',? is not supported/.test(t)?b` Yandex Cloud refuses OAuth tokens made since 1 June 2026. Use ${Af} instead.`:
/OAuth token is invalid or expired/.test(t)?b` OAuth tokens live 12 months, and none made since 1 June 2026 is taken. Use ${Af} instead.`:
/does not registered/.test(t)?" This Yandex account never signed in to Yandex Cloud: open the console once.":""}var NS=[
[/^aje/,"ru"],[/^(?:b2b|ao7)/,"kz"]];function ko(t,e,{installation:n}){let r=NS.find(([o])=>o.test(e))?.[1];return!(t instanceof
R)||r===void 0||n==="own"||r===n?t:new R(b`${t.text} The account's id begins like those of the installation ${r}, but ${T(
"installation")} is ${n}: credentials of one are unknown to the other.`,"installation",t.reply)}l();M();ve();D();H();function Re(t,e){let n=fe(t.body.reveal());if(n!==void 0)return n;let r=t.headers["content-type"]??"no content type";throw $e(
t,e,`is not a JSON object (${r}, ${t.body.reveal().length} characters)`)}function Wn(t,e,n,r){let o=t[e];if(typeof o!="s\
tring"||o==="")throw $e(n,r,`has no ${e}`);if(Gt(o))return new $(o);throw $e(n,r,`has a ${e} that cannot be a token: it \
is too long, or has white space in it`)}function $e(t,e,n){let r=t.headers["x-request-id"],o=r===void 0?"":` (request id\
 ${r})`;return new q(b`${e} ${n}${o}. Is a proxy or another service answering in its place?`,"reply",{status:t.status,...r===
void 0?{}:{requestId:r}})}var Eo=class{constructor(e,n,r){this.context=e;this.endpoints=n;this.clock=r}async exchangeKey(e,n){let r=this.endpoints.
audience??`${await this.#t(n)}${Ot}`;for(let o=!1;;o=!0){let i=this.clock.now(),s=await kf(e,r,i);try{let a=await this.send(
n,Ot,{json:{jwt:s}});return{...this.#n(a),subjectId:e.subjectId}}catch(a){if(o||!this.#e(a,i))throw a}}}async exchangeOauthToken(e,n){
let r={yandexPassportOauthToken:e};return this.#n(await this.send(n,Ot,{json:r}))}async exchangeSubjectToken(e,n,r){let o={
grant_type:"urn:ietf:params:oauth:grant-type:token-exchange",requested_token_type:"urn:ietf:params:oauth:token-type:acce\
ss_token",audience:n,subject_token:e,subject_token_type:"urn:ietf:params:oauth:token-type:id_token"},i=await this.send(r,
"/oauth/token",{form:o},this.authRoot());return{...Hs(i,this.clock,"the reply to the token exchange"),subjectId:n}}async impersonate(e,n,r){
let o=`${Ot}:createForServiceAccount`,i={json:{serviceAccountId:n},headers:Jt(e)},s=await this.send(r,o,i);return{...this.#n(
s),subjectId:n}}async revoke(e,n){let r={json:{iamToken:e},headers:Jt(e)},o=await this.send(n,`${Ot}:revoke`,r),{subjectId:i}=Re(
o,"IAM's reply");return this.clock.observe(o.serverTime,o.ageMs),typeof i=="string"?i:void 0}authRoot(){if(this.endpoints.
auth!==void 0)return this.endpoints.auth;throw new I(b`no address is known for exchanging OIDC tokens in this installation: set ${T(
"authEndpoint")}.`,"authEndpoint")}async send(e,n,r,o=this.endpoints.iam){let i=`${o??await this.#t(e)}${n}`,{signal:s,retries:a}=e;
try{let c=e.remaining();return await this.context.http({method:"POST",url:i,...r,signal:s,timeoutMs:c,retries:a})}catch(c){
throw Of(c)}}#e(e,n){if(!Gn(e))return!1;let{clock:r,context:o}=this;if(!r.observe(e.reply.serverTime))return r.now()>=n+
Sf;let{offsetMs:i}=r,s=`${ue(Math.abs(i))} ${i>0?"slow":"fast"}`;return r.isHostWrong&&o.log.warn(`this host's clock is ${s}\
; going by IAM's`),!0}async#t({signal:e,remaining:n,retries:r}){let{api:o}=this.endpoints,{http:i,session:s}=this.context,
a=s.addresses.get(o);if(a!==void 0)return a;let c=`${o}/endpoints`,u=await i({method:"GET",url:c,signal:e,timeoutMs:n(),
retries:r}),{endpoints:d}=Re(u,"the endpoint list"),p=(Array.isArray(d)?d:[]).find(k=>k?.id==="iam")?.address;if(typeof p!=
"string")throw new q(b`${c} lists no endpoint with id iam. Set ${T("iamEndpoint")} and ${T("audience")} instead.`,"reply");
let g=ho(p,`the address of IAM in the list of ${c}`,"endpoint");return s.addresses.set(o,g),g}#n(e){let n="IAM's reply",
r=Re(e,n),o=Wn(r,"iamToken",e,n);this.clock.observe(e.serverTime,e.ageMs);let i=this.clock.now(),s=Yt(r.expiresAt,i);if(typeof s==
"string")throw $e(e,n,s);return{token:o,issuedAt:i,expiresAt:s}}};function Jt(t){return{authorization:new $(`Bearer ${t.
reveal()}`)}}function Hs(t,e,n){let r=Re(t,n),o=Wn(r,"access_token",t,n);e.observe(t.serverTime,t.ageMs);let i=e.now(),s=co(
r.expires_in,i-(t.ageMs??0));if(typeof s=="string")throw $e(t,n,s);return{token:o,issuedAt:i,expiresAt:s}}var PS="/iam/aws-compatibility/v1/ephemeralAccessKeys",Gs="IAM's reply";async function xf(t,e,n,r){let{durationMs:o,sessionName:i,
policy:s,subjectId:a}=n,c={sessionName:i,duration:`${o/1e3}s`,...s===void 0?{}:{policy:s},...a===void 0?{}:{subjectId:a}};
return $S(await t.send(r,PS,{json:c,headers:Jt(e)}),t)}function $S(t,{clock:e}){let n=Re(t,Gs),r=d=>Wn(n,d,t,Gs),[o,i,s]=[
r("accessKeyId"),r("secret"),r("sessionToken")];e.observe(t.serverTime,t.ageMs);let a=e.now(),c=Yt(n.expiresAt,a);if(typeof c==
"string")throw $e(t,Gs,c);let u=new Date(c).toISOString();return{key:{accessKeyId:o.reveal(),secretAccessKey:i,sessionToken:s,
expiresAt:u},issuedAt:a,expiresAt:c}}function vf(t){if(!(t instanceof R))return t;let n={401:" The token is dead: it was\
 revoked or has expired. Get a new one.",403:" The caller needs the role iam.serviceAccounts.ephemeralAccessKeyAdmin on \
the account or its folder."}[t.reply.status??0]??"";return new R(b`IAM gives no ephemeral access key: ${t.text}${n}`,t.option,
t.reply)}l();async function Ao({get:t,forget:e,explain:n},r){let o=await t();try{return await r(o)}catch(i){if(!Yn(i))throw n(i);await e(
o.token);let s=await t();if(s.token.reveal()===o.token.reveal())throw n(i);return r(s).catch(async a=>{throw Yn(a)&&await e(
s.token),n(a)})}}l();M();ve();D();l();M();D();H();var LS={string:zt,path:zt,url:zt,secret:qS,duration:(t,e)=>Uu(zt(t,e),e.path,Fe(e)),enum:US,integer:FS,boolean:BS,stringList:KS};
function xt(t,e,n,r){Ws(t,n,e);let o={},i={};for(let[s,a]of Object.entries(e)){let c=n[s]??void 0,u=c===void 0&&a.env!==
void 0?jS(a.env,r):void 0;if(c===void 0&&u===void 0)continue;let d=u===void 0?c:MS(a,r[u]);i[s]=u;let f=t===""?s:`${t}.${s}`;
o[s]=LS[a.kind](d,{path:f,variable:u},a)}return{values:o,source:s=>Fe({path:Ys(t,s),variable:i[s]}),isFromVariable:s=>i[s]!==
void 0}}function Ys(t,e){return t===""?e:`${t}.${e}`}function Fe({path:t,variable:e}){return e??T(t)}function MS({kind:t},e){
return t==="stringList"?e.split(",").map(n=>n.trim()):t==="secret"?e:e.trim()}function jS(t,e){for(let n of t){let r=typeof n==
"string"?n:n.name,o=e[r];if(!(o===void 0||o.trim()==="")&&(typeof n=="string"||n.when(o)))return r}}function Ws(t,e,...n){
for(let r of Object.keys(e)){let o=e[r]===void 0;for(let i of n)o||=Object.hasOwn(i,r);if(!o)throw DS(t,Object.assign({},
...n),r)}}function DS(t,e,n){let o=n.length<=40&&/^[\w-]+$/.test(n)?Ys(t,n):"(not a name)",i=Dn(Object.keys(e).map(s=>T(
Ys(t,s))),", ");return new I(b`there is no option ${T(o)}. Known here: ${i}.`,o)}function Rf(t,e){let n=Dn(Object.keys(e).
map(r=>T(`${t}.${r}`)),", ");return new I(b`${T(t)} must be an object with some of: ${n}.`,t)}function zt(t,e){if(typeof t!=
"string")throw new I(b`${Fe(e)} must be a string.`,e.path);if(t.trim()==="")throw new I(b`${Fe(e)} is empty. Give it a value or leave it out.`,
e.path);return t}function qS(t,e,n){if(t instanceof $)return t;if(n.json!==!0||typeof t!="object")return new $(zt(t,e));
try{return new $(JSON.stringify(t))}catch{throw new I(b`${Fe(e)} is an object that cannot be written as JSON.`,e.path)}}
function US(t,e,n){let r=zt(t,e);if(n.values?.includes(r))return r;throw new I(b`${Fe(e)} must be one of: ${(n.values??[]).
join(", ")}.`,e.path)}function FS(t,e,n){let[r,o]=n.range??[0,Number.MAX_SAFE_INTEGER],i=typeof t=="string"&&/^-?\d+$/.test(
t)?Number(t):t;if(typeof i=="number"&&Number.isInteger(i)&&i>=r&&i<=o)return i;throw new I(b`${Fe(e)} must be a whole number from ${r} to ${o}.`,
e.path)}function BS(t,e){if(typeof t=="boolean")return t;if(t==="true"||t==="1")return!0;if(t==="false"||t==="0")return!1;
throw new I(b`${Fe(e)} must be true or false.`,e.path)}function KS(t,e){if(Array.isArray(t)&&t.every(r=>typeof r=="strin\
g"&&r!=="")&&t.length>0)return t;throw new I(b`${Fe(e)} must be a list of strings, none of them empty.`,e.path)}l();M();D();var ot={resolvers:{kind:"stringList",env:["YCIAM_RESOLVERS"],doc:"Names of the resolvers to try, in this order; a single\
 name is a choice that must answer."},resolverModules:{kind:"stringList",env:["YCIAM_RESOLVER_MODULES"],doc:"Modules wit\
h resolvers of your own, by path or package name; each is loaded only when it is named here. They come last in the defau\
lt chain."},minRemainingValidity:{kind:"duration",env:["YCIAM_MIN_REMAINING_VALIDITY"],default:"10m",doc:"The token must\
 still live this long when it is handed out; less than 12h."},refreshAfter:{kind:"duration",env:["YCIAM_REFRESH_AFTER"],
default:"1h",doc:"A cached token older than this is renewed when possible."},cache:{kind:"enum",env:["YCIAM_CACHE"],values:[
"disk","memory","none"],default:"disk",doc:"Where tokens are kept between calls; entries on disk are encrypted under a k\
ey made from the credential."},installation:{kind:"enum",env:["YCIAM_INSTALLATION"],values:["ru","kz"],default:"ru",doc:"\
The Yandex Cloud installation that the credential belongs to."},endpoint:{kind:"url",env:["YC_ENDPOINT"],doc:"API root o\
f an installation of one's own; IAM's address is asked of its /endpoints."},iamEndpoint:{kind:"url",env:["YCIAM_IAM_ENDP\
OINT"],doc:"Address of IAM, in place of the installation's. It does not change the audience."},authEndpoint:{kind:"url",
env:["YCIAM_AUTH_ENDPOINT"],doc:"Address where OIDC tokens are exchanged, in place of the installation's."},audience:{kind:"\
string",env:["YCIAM_AUDIENCE"],doc:"Audience of the assertions that are signed, in place of the installation's."},caFile:{
kind:"path",env:["YCIAM_CA_FILE"],doc:"File with certificates (PEM) of authorities to trust beside the usual ones; `~` i\
s the home folder."},timeout:{kind:"duration",env:["YCIAM_TIMEOUT"],default:"30s",doc:"The whole time allowed for gettin\
g a token, retries included."},retries:{kind:"integer",env:["YCIAM_RETRIES"],default:"4",range:[0,20],doc:"Attempts afte\
r the first, for each request."}},HS={serviceAccountId:{kind:"string",env:["YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID"],doc:"\
Id of the service account whose token is handed out; the caller needs iam.serviceAccounts.tokenCreator on it."}},Xt={name:"\
impersonate",summary:"One more step after any resolver: the token of another service account is handed out.",options:HS},
Vn=12*36e5,Cf=xt("",ot,GS(ot),{}).values;function GS(t){return Object.fromEntries(Object.entries(t).map(([e,n])=>[e,n.default]))}
function If({values:t,source:e}){if((t.minRemainingValidity??0)>=Vn)throw new I(b`${e("minRemainingValidity")} is 12h or more. Yandex Cloud lets a token live 12h at most, so none would ever do. Ask for less.`,
"minRemainingValidity");if(t.timeout===0)throw new I(b`${e("timeout")} is zero: nothing can be asked in no time. Leave it out, or give it some seconds.`,
"timeout")}var Vs={duration:{kind:"duration",default:"1h",doc:"How long the key lives: 15m or more, less than 12h. It cannot be rev\
oked, and it dies with the token that asks for it."},sessionName:{kind:"string",default:"yciam",doc:"Names the key's use\
r in audit logs: 1 to 64 letters, digits and `_+=,.@-`."},policy:{kind:"string",doc:"A policy of AWS's kind, as JSON, th\
at takes rights away from the key; at most 2048 characters."},subjectId:{kind:"string",doc:"Id of the account that the k\
ey is for, by default the token's own; for another the caller needs iam.serviceAccounts.ephemeralAccessKeyAdmin on it."}},
YS=15*6e4,Nf=2048;function Pf(t){let e={duration:Vs.duration.default},{values:n}=xt("",Vs,{...e,...WS(t)},{}),{duration:r=0,
sessionName:o=Vs.sessionName.default,subjectId:i}=n,s=n.policy===void 0?void 0:fe(n.policy);Jn(r>=YS&&r<Vn,"duration","m\
ust be 15m or more, and less than 12h"),Jn(/^[\w+=,.@-]{1,64}$/.test(o),"sessionName","must be 1 to 64 letters, digits a\
nd _+=,.@-"),Jn(/^[\x21-\x7e]{1,50}$/.test(i??"-"),"subjectId","is no id of an account"),Jn(n.policy===void 0||s!==void 0,
"policy","is not a JSON object");let a=s&&JSON.stringify(s);return Jn((a??"").length<=Nf,"policy",`is longer than ${Nf} \
characters`),{durationMs:r,sessionName:o,policy:a,subjectId:i}}function Jn(t,e,n){if(!t)throw new I(b`${T(e)} ${n}.`,e)}
function WS(t){return Object.fromEntries(Object.entries(t).filter(([,e])=>(e??void 0)!==void 0))}l();l();M();l();M();D();it();var zS=2**31-1;function ae(t,e,n=0){let r=z()+Math.min(e,zS);return{signal:t,retries:n,remaining:()=>Math.
max(0,r-z())}}async function Ee(t,e){if(t.signal.aborted)throw e.catch(()=>{}),t.signal.reason;let n=()=>{},r=new Promise(
(o,i)=>{let s=setTimeout(()=>i(QS()),Math.ceil(t.remaining())),a=XS(t.signal,i);n=()=>{clearTimeout(s),a()}});try{return await Promise.
race([e,r])}finally{n()}}var Js=new WeakMap;function XS(t,e){let n=Js.get(t);if(n===void 0){let i=new Set,s=()=>i.forEach(
a=>a(t.reason));Js.set(t,n={leaves:i,listener:s}),t.addEventListener("abort",s,{once:!0})}let{leaves:r,listener:o}=n;return r.
add(e),()=>{r.delete(e),!(r.size>0)&&(Js.delete(t),t.removeEventListener("abort",o))}}function QS(){return new q(b`no token came within the time allowed. Raise ${T(
"timeout")} if the service is just slow.`,"timeout")}var ZS=50,ek=500,Ae=class{async join(e,n){let r=this.running,o=this.running=r??nk(e);o.waiting+=1;try{if(o.result===void 0){
o.result=n(o.terms);let i=()=>this.#e(o);o.result.then(i,i)}return await Ee(e,o.result)}catch(i){if(r===void 0||!rk(e,r.
terms,i))throw i}finally{o.waiting-=1,o.waiting===0&&(this.#e(o),o.controller.abort(tk))}return this.join(e,n)}#e(e){this.
running===e&&(this.running=void 0)}},tk=new DOMException("Nobody waits for this any more","AbortError");function nk(t){let e=new AbortController,
n=t.remaining();return{terms:ae(e.signal,n-Math.min(ZS,n/2),t.retries),controller:e,waiting:0}}function rk(t,e,n){return!(n instanceof
q)||t.signal.aborted||t.remaining()<ek?!1:t.retries>e.retries||e.remaining()<=0}var _o=class{constructor(){this.flight=new Ae}},ok=6e4;function Oo({issuedAt:t,expiresAt:e},n){return e-n<ok?"dead":n-t<
(e-t)/2?"fresh":"usable"}l();var de=class{constructor(e){this.limit=e;this.things=new Map}get(e){let n=this.things.get(e);return n!==void 0&&this.
things.delete(e)&&this.things.set(e,n),n}add(e,n){return this.things.size>=this.limit&&this.things.delete(this.things.keys().
next().value),this.things.set(e,n),n}values(){return this.things.values()}};l();function st(t){if(!(t instanceof Error))return"value thrown";let e=ik(t);return e===void 0?t.name:`${t.name} at ${e}`}
function ik({stack:t="",message:e}){return(t.slice(t.indexOf(e)+e.length).match(/^ {4}at .+$/gm)??[]).filter(r=>!r.includes(
"node:")).map(r=>/([^\s(/\\]+:\d+):\d+\)?$/.exec(r)?.[1]).find(r=>r!==void 0)}M();D();var Lf=6e4,sk=15e3,xo=class{constructor(e,n){this.chain=e;this.tokensOf=n;this.held=new de(100);this.tokens=new de(
100);this.failedAt=-1/0}async get(e,n){let r=Pf(e),o=JSON.stringify(r),{clock:i}=this.chain.iam,s=this.held.get(o),a=s===
void 0?"dead":Oo(s,i.now());if(s===void 0||a==="dead")return(await this.#e(o,r,n)).key;if(a==="fresh"||i.now()-this.failedAt<
sk)return s.key;try{return(await this.#e(o,r,ae(n.signal,n.remaining()/2,n.retries))).key}catch(c){if(n.signal.aborted)throw c;
return this.#o(s,c),s.key}}async#e(e,n,r){let{chain:o}=this,i={get:()=>this.#t(n,r.signal),forget:o.forget.bind(o),explain:vf},
s=await Ee(r,Ao(i,async({token:a})=>{let c=this.#n(J(a.reveal()),e),{held:u}=c;return u!==void 0&&Oo(u,o.iam.clock.now())===
"fresh"?u:c.flight.join(r,async d=>{let f=await xf(o.iam,a,n,d);return o.plan.cache!=="none"&&(c.held=f),f})}));return this.#r(
s,n),o.plan.cache!=="none"&&this.held.add(e,s),s}async#t(e,n){let{durationMs:r}=e,o=Math.min(Math.max(r+Lf,this.chain.plan.
policy.minRemainingMs),Vn-1),i=this.tokens.get(String(o))??this.tokens.add(String(o),this.tokensOf(o));try{return await i(
n)}catch(s){throw s instanceof Pe?new Pe(b`an access key dies with the token that asks for it, so there is none for ${T(
"duration")} of ${ue(r)}: ${s.text}`):s}}#n(e,n){let{plan:r,context:o,iam:i}=this.chain,{accessKeys:s}=o.session,a=J(JSON.
stringify([e,n,i.endpoints.identity,r.cache==="none"]));return s.get(a)??s.add(a,new _o)}#r(e,{durationMs:n}){let{log:r,
spelling:o}=this.chain.context,{issuedAt:i,expiresAt:s}=e,a=ue(s-i),c=b`the access key that IAM gave lives only ${a}: it dies with the token that asked for it.`;
if(Oo(e,this.chain.iam.clock.now())==="dead")throw new Pe(c);s-i<n-Lf&&r.warn(we(c,o))}#o(e,n){let{log:r,spelling:o}=this.
chain.context,i=this.chain.iam.clock.now(),s=n instanceof le?n.text:`an unexpected ${st(n)}.`,a=ue(e.expiresAt-i);r.warn(
we(b`could not renew the access key; the old one is used, ${a} are left of it: ${s}`,o)),this.failedAt=i}};l();l();M();D();H();function Mf(t,e,n){let r=new Ae,o;return{...t,http:async i=>{let s=ae(i.signal,i.timeoutMs);return o??=await r.join(
s,a=>ak({context:t,file:e,from:n},a)),t.http({...i,ca:o})}}}async function ak({context:t,file:e,from:n},{signal:r,remaining:o}){
let i=c=>{throw new I(b`the file of ${n}, ${xe(e)}, ${c}.`,"caFile")},s={signal:r,timeoutMs:o()},a=await t.files.read(e,
s).catch(c=>i(`cannot be read (${c.code??"unknown error"})`));return/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.
test(a)?a:i("has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----")}it();l();M();D();H();l();ve();H();function jf({token:{token:t,...e},askedAt:n,offsetMs:r}){return JSON.stringify({...e,token:t.reveal(),askedAt:n,
offsetMs:r})}function Df(t){let{token:e,expiresAt:n,issuedAt:r,subjectId:o,askedAt:i,offsetMs:s}=fe(t)??{};if(!(typeof e!=
"string"||e===""||!zs(n)||!zs(i)))return{askedAt:i,offsetMs:typeof s=="number"&&Number.isFinite(s)?s:0,token:{token:new $(
e),expiresAt:n,...zs(r)?{issuedAt:r}:{},...typeof o=="string"?{subjectId:o}:{}}}}function zs(t){return typeof t=="number"&&
Number.isFinite(t)&&t>0}l();var vo=6e4;function Ro({token:t,askedAt:e},n,r){let o=r-e,i=o>-vo&&o<n.refreshAfterMs;if(t.expiresAt===void 0)return i?"\
fresh":"dead";let s=t.expiresAt-r;return s<=0||s<n.minRemainingMs||s>Ze+vo?"dead":i?"fresh":"usable"}function qf(t,e,n){
if((t.token.expiresAt??0)>n+Ze+vo)return e;if(e.askedAt<Math.min(t.askedAt,n))return t;let[r,o]=[t.token.expiresAt,e.token.
expiresAt];return r!==void 0&&o!==void 0&&r>o+vo?{...t,askedAt:e.askedAt}:e}var Co=class{constructor(){this.flight=new Ae;this.failedAt=-1/0}},ck=15e3,Io=class{constructor(e,n){this.source=e;this.
keeping=n;this.id=e.id,e.material!==void 0&&(this.material=e.material)}async token(e){return(await this.hold(e)).token}fresh(e){
let{holder:n,cache:r,policy:o}=this.keeping,{held:i}=n;return i!==void 0&&r!=="none"&&Ro(i,o,e)==="fresh"?i:void 0}async hold(e){
e.signal.throwIfAborted();let{holder:n,cache:r}=this.keeping;if(n.held!==void 0&&r!=="none"){let o=this.#e(n.held);if(o===
"fresh"||o==="usable"&&this.isPausing())return n.held}try{for(;;){let o=!1,i=n.held===void 0?e:this.#t(e),{held:s,minted:a}=await n.
flight.join(i,u=>(o=!0,this.#n(u))),c=this.#e(s);if(!(!o&&!a&&c!=="fresh")){if(c==="dead")throw this.#s(s);return s}}}catch(o){
if(e.signal.aborted)throw o;return this.insteadOf(o)}}insteadOf(e){let{holder:n,clock:r,log:o,spelling:i,policy:s,cache:a}=this.
keeping,{held:c}=n,u=r.now();if(c?.token.expiresAt===void 0||a==="none")throw e;let d=e instanceof le?e.text:`an unexpec\
ted ${st(e)}.`,f=ue(c.token.expiresAt-u);if(this.#e(c)!=="dead"){let p=b`could not renew the IAM token; the old one is used, ${f} are left of it: ${d}`;
return this.isPausing()||(o.warn(we(p,i)),n.failedAt=u),c}throw c.token.expiresAt<=u||e instanceof Pe?e:new Pe(b`the token could not be renewed, and the old one lives only ${f} more; ${T(
"minRemainingValidity")} asks for ${ue(s.minRemainingMs)}. The renewal failed: ${d}`)}usable(){let{holder:e,cache:n}=this.
keeping,{held:r}=e;return r!==void 0&&n!=="none"&&this.#e(r)!=="dead"?r:void 0}isPausing(){let e=this.keeping.clock.now()-
this.keeping.holder.failedAt;return e>=0&&e<ck}#e(e){return Ro(e,this.keeping.policy,this.keeping.clock.now())}#t(e){let{
holder:n,cache:r}=this.keeping;return n.held!==void 0&&r!=="none"&&this.#e(n.held)!=="dead"?ae(e.signal,e.remaining()/2,
e.retries):e}async#n(e){let{store:n,identity:r,cache:o,log:i}=this.keeping,{material:s}=this;if(n===void 0||s===void 0||
o!=="disk")return this.#o(e);let a={identity:r,material:s,log:i},c=await this.#r(n,a);if(c!==void 0)return c;let u=this.
keeping.holder.held===void 0?e:this.#t(e),d={signal:e.signal,waitMs:u.remaining()/2},f=await n.lock(a,d);try{let p=await this.#r(
n,a);if(p!==void 0)return p;let g=await this.#o(u),{token:k}=g.held,y=jf({...g.held,offsetMs:this.keeping.clock.offsetMs});
return k.expiresAt!==void 0&&!this.keeping.isDead(k.token)&&await n.save(a,y,k.token),g}finally{await f?.()}}async#r(e,n){
let{clock:r,policy:o}=this.keeping,i=await e.load(n),s=i===void 0?void 0:Df(i);if(s===void 0||this.keeping.isDead(s.token.
token)||(r.presume(s.offsetMs),Ro(s,{...o,minRemainingMs:0},r.now())==="dead"))return;let a=this.#i({token:s.token,askedAt:s.
askedAt});return this.#e(a)==="fresh"?{held:a,minted:!1}:void 0}async#o(e){let{clock:n,log:r}=this.keeping;e.signal.throwIfAborted();
let o=await this.source.token(e);return e.signal.throwIfAborted(),lk(o,this.id),r.debug("got a new IAM token",{credential:uk(
this.id)}),{held:this.#i({token:o,askedAt:n.now()}),minted:!0}}#i(e){let{holder:n,clock:r,cache:o}=this.keeping;return o===
"none"||this.keeping.isDead(e.token.token)?e:n.held=n.held===void 0?e:qf(n.held,e,r.now())}#s({token:e}){let{clock:n,policy:r}=this.
keeping,o=ue((e.expiresAt??0)-n.now());return new Pe(b`the newest token that can be had lives only ${o} more; ${T("minRe\
mainingValidity")} asks for ${ue(r.minRemainingMs)}. A token lives at most 12h, and Yandex Cloud may hand the same one to several callers until it is near its end; the caller cannot ask for a longer life.`)}};
function lk({token:t,expiresAt:e=0,issuedAt:n=0},r){if(!(Number.isFinite(e)&&Number.isFinite(n)&&t instanceof $&&Gt(t.reveal())))
throw new R(b`${r.split(" ")[0]} gave what is no token: it is empty, too long, has a character that no token has, or dies at no time. Mend the resolver.`)}
function uk(t){return t.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g,"$1")}M();D();l();M();D();var Uf="impersonate.serviceAccountId";function Ff(t,e,n,r){return{id:`${t.id} as ${e}`,...t.material===void 0?{}:
{material:t.material},token:async o=>Ao({get:()=>t.token(o),forget:r,explain:fk},i=>n.impersonate(i.token,e,o))}}function fk(t){
if(!(t instanceof R))return t;let{status:e}=t.reply,n=e===403?" The caller needs the role iam.serviceAccounts.tokenCreat\
or on that account or its folder.":e===401?" The caller's own token is dead: it was revoked or has expired. Get a new on\
e.":"";return new R(b`cannot impersonate the service account of ${T(Uf)}: ${t.text}${n}`,Uf,t.reply)}l();M();D();H();async function Bf(t,e){return(await Promise.all(t.map(r=>dk(r,e)))).flat()}async function dk(t,e){let n=await e.
loadModule(t).catch(o=>{let{code:i,name:s}=o??{};throw new I(b`${T("resolverModules")} names ${xe(t)}, which cannot be loaded (${String(
i??s)}). A path is taken from the current folder; a package must be installed there.`,"resolverModules")}),r=Kf(n);if(r.
length===0)throw new I(b`${T("resolverModules")} names ${xe(t)}, which exports no resolver made by defineResolver.`,"res\
olverModules");return r.forEach(Xs),r}var pk=3;function Kf(t,e=0){if(typeof t!="object"||t===null)return[];if(hk(t))return[
t];if(e>pk)return[];let n=Object.values(t).flatMap(r=>Kf(r,e+1));return[...new Set(n)]}function hk(t){return typeof t=="\
object"&&t!==null&&"resolve"in t&&"name"in t}function Xs(t){let{name:e,summary:n,options:r,resolve:o}=t??{};if(!(typeof e==
"string"&&/^[a-z][A-Za-z0-9]*$/.test(e)&&typeof n=="string"&&typeof r=="object"&&r!==null&&typeof o=="function"))throw new I(
b`${T("resolvers")} has an object that is no resolver. Make it with defineResolver({ name, summary, options, resolve }), with a name in camelCase.`,
"resolvers")}l();function V(t,e){return{unavailable:!0,reason:t,remedy:e}}function Be(t){return"unavailable"in t}var Qt=class{constructor(e,n){this.plan=e;let{authorities:r,endpoints:o}=e;this.context=r===void 0?n:Mf(n,r.file,r.from);
let{clocks:i}=n.session,{identity:s}=o,a=i.get(s)??i.add(s,new To(n.now,n.monotonic));this.iam=new Eo(this.context,o,a)}async choose(e,n){
let r=[],o=n===void 0?this.plan.candidates??await this.candidates(e):[n];for(let i of o){let s=new Map,a=await this.open(
i,e,!1,s);if(!Be(a))return{candidate:i,source:a,versions:s};let{reason:c,remedy:u}=a;if(n!==void 0)throw new q(b`the credential that gave tokens so far gives none any more: ${c}. To mend that: ${u}.`,
"unreachable");r.push({resolver:i.resolver.name,reason:c,remedy:u})}throw new po(r)}async candidates(e){let{modules:n,candidates:r,
candidatesWith:o}=this.plan;return r!==void 0?r:this.loaded??=o(await Ee(e,Bf(n,this.context)))}isChanged(e){for(let[n,r]of e){
let o=this.context.files.version(n);if(o!==void 0&&o!==r)return!0}return!1}async open({resolver:e,named:n,only:r,read:o},i,s,a=new Map){
let{iam:c}=this,{files:u}=this.context,d={...u,read:async(N,L)=>(a.set(N,u.version(N)),u.read(N,L))},f={...this.context,
files:d},{values:p,source:g,isFromVariable:k}=o,y={options:p,source:g,isFromVariable:k,context:f,iam:c,named:n,only:r,dryRun:s,
call:i},w=await e.resolve(y);if(Be(w))return w;let{policy:S,impersonate:E,timeoutMs:_}=this.plan;if(E===void 0)return this.#e(
w,S);let x=this.#e(w,{...S,minRemainingMs:Math.min(S.minRemainingMs,_)});return this.#e(Ff(x,E,c,N=>this.forget(N)),S)}async forget(e){
this.context.session.forget(e),await this.context.store?.forget(e)}async drop(e){this.context.session.drop(e),await this.
context.store?.forget(e)}#e(e,n){let{log:r,spelling:o,session:i,store:s}=this.context,{clock:a,endpoints:c}=this.iam,u=J(
JSON.stringify([e.id,c.identity])),{cache:d}=this.plan,f=d==="none"?`${u} none`:u,k={holder:i.holders.get(f)??i.holders.
add(f,new Co),clock:a,policy:n,identity:u,cache:d,isDead:y=>i.isDead(y),log:r,spelling:o};return new Io(e,s===void 0?k:{
...k,store:s})}};l();M();D();it();async function Hf(t,e,n){let r=[],o=!1;for(let s of await t.candidates(e)){let a=o?mk(s):await yk(t,s,e,n);o||=a.outcome!==
"unavailable",r.push(a)}let i=r.find(({outcome:s})=>s==="used")?.resolver;return{resolvers:r,verified:n,...i===void 0?{}:
{chosen:i}}}function mk({resolver:t}){return{resolver:t.name,outcome:"notTried",reason:"an earlier resolver settled it",
durationMs:0}}async function yk(t,e,n,r){let{spelling:o}=t.context,i=z(),s=(a,c,u)=>({resolver:e.resolver.name,outcome:a,
...c===void 0?{}:{reason:we(c,o)},...u===void 0?{}:{remedy:we(u,o)},durationMs:Math.round(z()-i)});try{let a=await t.open(
e,n,!r);return Be(a)?s("unavailable",a.reason,a.remedy):(r&&await a.hold(n),s("used"))}catch(a){return n.signal.throwIfAborted(),
a instanceof le?s("failed",a.text,gk(a)):s("failed",`it threw an unexpected ${st(a)}`,"report this defect to who made th\
e resolver")}}function gk(t){return t instanceof I||t instanceof R?"mend this credential, or take it away so that the ne\
xt resolver is tried":"find out why the service cannot be used, then try again"}l();M();ve();D();H();function Yf(t,e,n){let{resolvers:r}=t,{resolvers:o,own:i}=Array.isArray(r)?wk(r):{resolvers:r,own:[]},s={};for(let p of Object.
keys(ot))s[p]=p==="resolvers"?o:t[p];let a=xt("",ot,s,e);If(a);let c={...Cf,...a.values},{caFile:u,resolverModules:d=[]}=c,
f={config:t,env:e,settings:a,all:[...n,...i]};return Object.freeze({policy:{minRemainingMs:c.minRemainingValidity,refreshAfterMs:c.
refreshAfter},timeoutMs:c.timeout,retries:c.retries,cache:c.cache,endpoints:Ef(a.values,a.source),impersonate:Qs(Xt,t,e).
values.serviceAccountId,...u===void 0?{}:{authorities:{file:u,from:a.source("caFile")}},modules:d,...d.length>0?{}:{candidates:Gf(
f)},candidatesWith:p=>Gf({...f,all:[...f.all,...p]})})}function wk(t){let e=r=>typeof r=="object"&&r!==null,n=t.filter(e);
return n.forEach(Xs),{resolvers:t.map(r=>e(r)?r.name:r),own:n}}function Gf({config:t,env:e,settings:n,all:r}){let o={};for(let f of r)
if((o[f.name]??=f)!==f)throw bk(f);Ws("",t,ot,o,{[Xt.name]:Xt});let i=[],s=[];for(let f of Object.values(o)){let p=(t[f.
name]??void 0)!==void 0;p&&i.push(f),(p||f.onlyWhenNamed!==!0)&&s.push(f)}let{resolvers:a}=n.values,c=i.length===1,u=a===
void 0?c?i:s:a.map(f=>Sk(o,f,n.source("resolvers")));for(let f of i)u.includes(f)||Qs(f,t,{});let d=[];for(let f of u){let p=a!==
void 0||i.includes(f),g=a===void 0?c:a.length===1;d.push({resolver:f,read:Qs(f,t,e),named:p,only:g})}return d}function Qs({
name:t,options:e},n,r){let o=n[t]??{};if(!ke(o))throw Rf(t,e);return xt(t,e,o,r)}function bk({name:t}){return new I(b`two resolvers are named ${t}. Rename the one of your own.`,
"resolvers")}function Sk(t,e,n){let r=e.replace(/[-_]([a-z])/g,(s,a)=>a.toUpperCase()),o=Object.hasOwn(t,r)?t[r]:void 0;
if(o!==void 0)return o;let i=Object.keys(t).join(", ");throw new I(b`${n} names ${Ue(e)}, which is none of: ${i}.`,"reso\
lvers")}l();l();async function Vf(t,e,n,r){let o=`/iam/v1/subjects/${encodeURIComponent(n)}`,i=await t.send(r,o,{method:"GET",headers:Jt(
e)});return kk(Re(i,"IAM's reply"))}function kk({subject:t}){let{name:e,type:n}=t??{};return{...Wf(e)?{name:e}:{},...Wf(
n)?{type:n}:{}}}function Wf(t){return typeof t=="string"&&t!==""}var Ek=3e3;async function Jf(t,e,n){let{token:r,subjectId:o,expiresAt:i}=e,s=ae(n,Math.min(Ek,t.plan.timeoutMs)),[a,c]=await Promise.
all([o===void 0?void 0:zf(s,Vf(t.iam,r,o,s)),Tk(t,e,s)]),u=i===void 0?void 0:Date.parse(i)-t.iam.clock.now();return{...Ak(
e),...a,...u===void 0?{}:{remainingSeconds:Math.max(0,Math.floor(u/1e3))},steps:c}}function Ak({token:t,authorizationHeader:e,
...n}){return n}async function zf(t,e){try{return await Ee(t,e)}catch{t.signal.throwIfAborted();return}}async function Tk(t,{
resolver:e,subjectId:n},r){if(t.plan.impersonate===void 0)return[Zs(e,n)];let o=await zf(r,_k(t,e,r));return[Zs(e,o),Zs(
"impersonation",n)]}function Zs(t,e){return e===void 0?{by:t}:{by:t,subjectId:e}}async function _k({plan:t,context:e},n,r){
let o={...t.policy,minRemainingMs:0},i=new Qt({...t,impersonate:void 0,policy:o},e),s=(await i.candidates(r)).find(({resolver:c})=>c.
name===n),{source:a}=await i.choose(r,s);return(await a.token(r)).subjectId}l();H();var Xf={token:{secret:!0,doc:"The IAM token."},authorizationHeader:{secret:!0,doc:"`Bearer ` and the token."},expiresAt:{
optional:!0,doc:"When the token dies: RFC 3339, UTC. Absent where its life is not known."},issuedAt:{optional:!0,doc:"Wh\
en it was got: RFC 3339, UTC. Absent for a token that was handed in ready."},refreshAt:{optional:!0,doc:"When a later ca\
ll would renew it: RFC 3339, UTC."},resolver:{doc:"Name of the resolver that answered, such as `serviceAccountKey`."},subjectId:{
optional:!0,doc:"Whose token it is: the id of a service account or a user. Absent where it is not known."},fingerprint:{
doc:"First 12 hex digits of the token's SHA-256: compares two places without showing a token."}};function Qf(t,e,n){let{
expiresAt:r,issuedAt:o,subjectId:i}=t;return{token:t.token,authorizationHeader:new $(`Bearer ${t.token.reveal()}`),...r===
void 0?{}:{expiresAt:ea(r)},...o===void 0?{}:{issuedAt:ea(o)},...n===void 0?{}:{refreshAt:ea(n)},resolver:e,...i===void 0?
{}:{subjectId:i},fingerprint:io(t.token)}}function ea(t){return new Date(t).toISOString()}l();l();M();ve();D();H();l();M();D();H();function Te(t,e,n){let r=i=>{throw new R(b`the token of ${e} ${i}`,n)},o=t.reveal().trim();return Gt(o)?new $(o):o===""?
r("is empty."):/[^\x21-\x7e]/.test(o)?r("has a line break, a space or another character that no token has. Was more than\
 the token copied?"):r(`is longer than ${vs} characters. Is it a token at all?`)}l();M();D();H();var Zf=200,Ok=65536;async function No(t,e,n){let{argv:r,env:o,name:i}=t,s=n.remaining(),a={signal:n.signal,timeoutMs:s,
...o===void 0?{}:{env:o}},c=await e.exec(r,a).catch(u=>{throw n.signal.throwIfAborted(),xk(u,t)});if(c.code===0)return c.
stdout;throw c.code===null?new q(b`${i} was ended: by a signal, or because it took more than ${ue(s)}. If it waits for someone to sign in, run it once by hand; if it is just slow, raise ${T(
"timeout")}.`,"timeout"):Rk(c,t)}function xk(t,{argv:e,name:n,path:r}){let{code:o}=t,i=o==="EACCES"?b`${xe(e[0])} may not be run by this user`:
o==="ERR_CHILD_PROCESS_STDIO_MAXBUFFER"?"it wrote more than 1 MiB":`it could not be run (${String(o)})`;return new R(b`${n} gave no token: ${i}.`,
r)}var vk=/\b(?:Unavailable|DeadlineExceeded|ResourceExhausted)\b/;function Rk({code:t,stderr:e},{name:n,path:r,argv:o,secretArguments:i}){
let s=i===!0?o.slice(1).map(u=>new $(u)):[],a=Ck(uo(e,s)),c=b`${n} failed with exit code ${String(t)}${a===""?" and said\
 nothing":`: ${a}`}`;return vk.test(e)?new q(c,"unreachable"):new R(c,r)}function Ck(t){let e=tt(t.slice(0,Ok)).split(/[\r\n]+/).
map(r=>tt(Tt(r.replace(/\x1b\[[\d;]*m/g,"")))).filter(r=>r!==""),n=e.find(r=>/^error\b/i.test(r))??e[0]??"";return n.length<=
Zf?n:`${n.slice(0,Zf-1)}\u2026`}var at="command.argv",Ik={argv:{kind:"stringList",secret:!0,doc:'The program and its arguments; it is run without a shel\
l and prints `{"token": "...", "expiresAt": "..."}`.'}},ed={name:"command",summary:"Any program that prints a token as J\
SON; run only when it is named.",onlyWhenNamed:!0,options:Ik,async resolve(t){let[e,...n]=t.options.argv??[];if(e===void 0)
return V("no command is given",b`set ${T(at)} to a program and its arguments`);let r=[e,...n];return{id:`command ${J(JSON.
stringify(r))}`,token:o=>Nk(r,t,o)}}};async function Nk(t,e,n){let{context:r}=e,[o,...i]=t,s=await r.which(o);if(s===void 0)
throw new R(b`${T(at)} names ${JSON.stringify(o.split(/\s/)[0])}, but there is no such program. Give its path, or put it on PATH; it is not run by a shell, so each argument is a word of its own.`,
at);let a=b`the program of ${T(at)}`,c={argv:[s,...i],name:a,path:at,secretArguments:!0};return Pk(await No(c,r,n),e)}function Pk(t,{
iam:e}){let n=u=>{throw new R(b`the program of ${T(at)} ${u} It must print one JSON object, {"token": "...", "expiresAt": "2026-11-24T18:30:00Z"}, the latter if it is known.`,
at)},r=fe(t.reveal());if(r===void 0)return n(`printed no JSON object (${t.reveal().length} characters).`);let{token:o,expiresAt:i}=r;
if(typeof o!="string")return n("printed an object without a text `token`.");let s=Te(new $(o),"what the program printed",
at),a=e.clock.now();if(i==null)return{token:s,issuedAt:a};let c=Yt(i,a);return typeof c=="number"?{token:s,issuedAt:a,expiresAt:c}:
n(`${c}.`)}l();M();ve();D();H();var Po="functionContext.token",td={name:"functionContext",summary:"The token that a Cloud Function with a service accoun\
t gets in its `context`.",options:{token:{kind:"secret",json:!0,doc:"`context.token` of the current invocation, or the w\
hole `context`: the object itself, or its JSON."}},async resolve({options:t,source:e,context:n,iam:r}){if(t.token===void 0)
return V("no function context is given",b`attach a service account to the function and set ${T(Po)} to its context.token`);
let o=e("token"),i=$k(t.token,o),s=J(i.token.reveal()),a=Lk(n,s,r.clock.now()+i.lifeMs),c=r.clock.now()-a;if(c>=0)throw Mk(
o,c);return{id:`functionContext ${s}`,token:async()=>({token:i.token,expiresAt:a})}}};function $k(t,e){let n=c=>{throw new R(
b`${e} ${c}`,Po)},r=fe(t.reveal());if(r===void 0)return n(b`is not the object that a function gets in context.token, nor its JSON. A bare token belongs in ${T(
"iamToken.token")}.`);let o=ke(r.token)?r.token:r,{access_token:i,expires_in:s}=o;if(typeof i!="string"||i==="")return n(
"has no access_token: is a service account attached to the function?");let a=co(s,0);return typeof a=="string"?n(`${a}, \
so nobody can tell whether the token still lives. Pass the object whole.`):{token:Te(new $(i),e,Po),lifeMs:a}}function Lk(t,e,n){
let{contextEnds:r}=t.session,o=r.get(e)??r.add(e,{expiresAt:n});return o.expiresAt=Math.min(o.expiresAt,n),o.expiresAt}function Mk(t,e){
return new R(b`the token in ${t} died ${ue(e)} ago. A context belongs to one invocation: pass that of the current one, and keep none outside the handler. A prepared instance may be handed an old one by the platform itself; there, use ${T(
"instanceMetadata")}.`,Po)}l();M();l();var jk="YCIAM_EXEC_SERVER";function nd(t,e){let[,n,r]=/^((?:127\.0\.0\.1|\[::1\]):\d{1,5}) ([\da-f]{12})$/.exec(e[jk]??"")??[];return r===io(t)?n:void 0}D();l();l();var $o=class{constructor(){this.isThere=!1;this.flight=new Ae}},Lo=class{constructor(){this.holders=new de(1e3);this.accessKeys=
new de(1e3);this.clocks=new de(100);this.addresses=new Map;this.metadata=new de(100);this.contextEnds=new de(1e3);this.isOauthTold=
!1;this.dead=new de(1e3)}isDead(e){return this.dead.get(J(e.reveal()))===!0}forget(e){this.dead.add(J(e.reveal()),!0),this.
drop(e)}drop(e){for(let n of this.holders.values())n.held?.token.token.reveal()===e.reveal()&&(n.held=void 0)}};it();M();D();var od="/computeMetadata/v1/instance/service-accounts/",Dk={"Metadata-Flavor":"Google"},qk=500,Uk=5e3,ta="Y\
C_METADATA_ADDR",Mo="169.254.169.254";function na(t,e){let n=URL.canParse(`http://${t}/`)?new URL(`http://${t}/`):void 0;
if(n?.pathname==="/"&&n.username===""&&n.search===""&&n.hash===""&&!t.includes("/"))return t;throw new I(b`${e} is not an address: write host or host:port, without a scheme or path.`,
"instanceMetadata.address")}function id({env:t}){let e=(t[ta]??"").trim();return{address:e===""?Mo:na(e,ta),setting:ta}}
async function Zt(t,e){let{context:n,call:r,only:o,dryRun:i}=t,{session:s,monotonic:a=z}=n,{metadata:c}=s,u=c.get(e.address)??
c.add(e.address,new $o),d=`instanceMetadata ${e.address}`,f={context:n,clock:t.iam.clock,service:e};if(u.isThere&&!i)return{
id:d,token:y=>rd(f,y)};let{absence:p}=u;if(!o&&p!==void 0&&a()-p.at<Uk)return V(p.reason,p.remedy);let g=o?f:{...f,connectTimeoutMs:qk},
k=o?r:{...r,retries:0};try{i&&await Bk(g,k);let y=i?void 0:await u.flight.join(k,w=>sd(g,w));return u.isThere=!0,{id:d,token:Fk(
y,w=>rd(f,w))}}catch(y){y instanceof q&&y.reply.isMetadata===!0&&(u.isThere=!0);let w=y instanceof Le?y.answer:Hk(y,e);if(w===
void 0||r.signal.aborted)throw y;return u.absence={...w,at:a()},w}}function Fk(t,e){let n=t;return async r=>{let o=n??await e(
r);return n=void 0,o}}var Le=class extends Error{constructor(n){super("no token of the metadata service");this.answer=n}};
async function Bk(t,e){if((await ad(t,od,e)).body.reveal().trim()==="")throw new Le(ld())}async function sd(t,e){let n=await ad(
t,`${od}default/token`,e),r=Hs(n,t.clock,"the metadata service's reply");if(r.token.reveal().startsWith("ya29."))throw new Le(
ra(t.service));return r}async function rd(t,e){try{return await sd(t,e)}catch(n){if(!(n instanceof Le))throw n;let{reason:r,
remedy:o}=n.answer;throw new q(b`the credential that gave tokens so far gives none any more: ${r}. To mend that: ${o}.`,
"reply")}}async function ad({context:t,service:e,connectTimeoutMs:n},r,o){let{signal:i,retries:s}=o;try{let a=await t.http(
{method:"GET",url:`http://${e.address}${r}`,headers:Dk,signal:i,timeoutMs:o.remaining(),retries:s,...n===void 0?{}:{connectTimeoutMs:n}});
if(a.headers["metadata-flavor"]==="Google")return a}catch(a){throw Kk(a,e)}throw new Le(ra(e))}function Kk(t,e){if(!(t instanceof
q))return t;let{status:n=0,isMetadata:r=!1}=t.reply;if(n===404)return new Le(ld());if(n===400)return new Le(Gk());let o=n>=
300&&n<500&&![408,429].includes(n);return!r&&(t.failure==="reply"||o)?new Le(ra(e)):t}function Hk(t,e){return t instanceof
q&&t.failure==="unreachable"?V(`nothing answers at ${e.address}`,cd(e)):void 0}function ra(t){return V(`${t.address} ans\
wers, but not as the metadata service of Yandex Cloud (no header Metadata-Flavor: Google, or another cloud's token)`,cd(
t))}function cd({setting:t}){return b`run where a service account is attached, or set ${t}`}function ld(){return V("no s\
ervice account is attached to this instance","attach a service account to it")}function Gk(){return V("the metadata serv\
ice's token option is disabled for this instance (HTTP 400)","enable gce_http_endpoint and gce_http_token in the instanc\
e's metadata options")}var ud={name:"iamToken",summary:"A ready IAM token, such as the one that `yc iam create-token` prints. It is never renew\
ed.",options:{token:{kind:"secret",env:["YC_IAM_TOKEN",{name:"YC_TOKEN",when:t=>!so(t.trim()),note:"when it has the shap\
e of an IAM token"}],doc:"The token itself."},expiresAt:{kind:"string",env:["YCIAM_IAM_TOKEN_EXPIRES_AT"],doc:"When it d\
ies, in RFC 3339 with a zone. Without it no life is promised. The variable tells of a token in a variable alone."}},async resolve(t){
let{options:e,source:n,isFromVariable:r,iam:o,context:i}=t;if(e.token===void 0)return V("no token is given",b`set ${n("t\
oken")} or YC_IAM_TOKEN`);let s=n("token"),a=Te(e.token,s,"iamToken.token");if(s==="YC_TOKEN"&&!ao(a.reveal()))throw new R(
b`YC_TOKEN is set, but has the shape of neither an IAM token (t1....) nor an OAuth token (y0_...). If it is an IAM token, put it in YC_IAM_TOKEN.`,
"iamToken.token");let c=r("token")?nd(a,i.env):void 0;if(c!==void 0){let p=await Zt({...t,only:!1},{address:c,setting:s});
if(!Be(p))return p}let u=Rs(e.expiresAt);if(e.expiresAt!==void 0&&u===void 0)throw new R(b`${n("expiresAt")} is not a time such as 2026-11-24T18:30:00Z.`,
"iamToken.expiresAt");let f=r("expiresAt")&&!r("token")?void 0:u;if(f!==void 0&&f<=o.clock.now())throw new R(b`the token of ${s} has expired (${n(
"expiresAt")}). Get a new one.`,"iamToken.token");return{id:`iamToken ${J(a.reveal())} ${f??""}`,token:async()=>({token:a,
...f===void 0?{}:{expiresAt:f}})}}};l();D();var fd={name:"instanceMetadata",summary:"The service account attached to this VM, container, function or Kubernetes pod.",
options:{address:{kind:"string",env:["YC_METADATA_ADDR"],default:Mo,doc:"Address of the metadata service, `host[:port]`."}},
resolve:async t=>{let e=na(t.options.address??Mo,t.source("address")),n=b`${T("instanceMetadata.address")} or YC_METADATA_ADDR`;
return Zt(t,{address:e,setting:n})}};l();D();l();function jo(t,{context:e,iam:n}){return Yk(e),{id:`oauthToken ${J(t.reveal())}`,material:t,token:r=>n.exchangeOauthToken(
t,r)}}function Yk(t){if(t.session.isOauthTold)return;t.session.isOauthTold=!0;let e=["serviceAccountKey","workloadIdenti\
ty","ycCli"].map(n=>t.spelling(n)).join(", ");t.log.warn(`OAuth tokens of Yandex accounts are being closed: those made s\
ince 2026-06-01 are refused, and all are announced to stop by 2026-12-31. Use one of ${e} instead.`)}var dd={name:"oauthToken",summary:"The OAuth token of a Yandex account. Deprecated: new ones are refused since 1 June 20\
26, all by the end of 2026.",options:{token:{kind:"secret",env:["YC_OAUTH_TOKEN",{name:"YC_TOKEN",when:t=>so(t.trim()),note:"\
when it has the shape of an OAuth token"}],doc:"The token itself."}},async resolve({options:t,source:e,context:n,iam:r}){
if(t.token===void 0)return V("no OAuth token is given",b`set ${T("oauthToken.token")} or YC_OAUTH_TOKEN, or better a credential that lasts`);
let o=Te(t.token,e("token"),"oauthToken.token");return jo(o,{context:n,iam:r})}};l();M();l();M();D();l();var md=require("node:crypto");M();ve();D();H();function yd(t,e,n){let r=u=>{throw new R(b`${be(e)}: ${u}.`,n)},o=t instanceof $?Ks(t.reveal()):t;if(o===void 0)throw Wk(
e,n);if(!ke(o))return r("the key must be a JSON object");let i=ke(o.key)?{...o,...o.key}:o,s=Do(i,"private_key","private\
Key"),a=Do(i,"id","accessKeyId","access_key_id"),c=Do(i,"service_account_id","serviceAccountId","user_account_id","userA\
ccountId");return s===void 0?r(Vk(i)):a===void 0?r(`the field \`id\` (the key's id) ${pd}`):c===void 0?r(`the field \`ser\
vice_account_id\` ${pd}`):{id:a,subjectId:c,...Jk(s,r)}}function Wk(t,e){return new R(b`${be(t)} is not JSON. It must be the file that \`yc iam key create\` wrote.`,
e)}var pd="is missing or not a string. Take the whole file that `yc iam key create` wrote";function Do(t,...e){for(let n of e){
let r=t[n];if(typeof r=="string"&&r.trim()!=="")return r}}function Vk(t){return Do(t,"encrypted_private_key","encryptedP\
rivateKey")!==void 0?"the field `private_key` is empty: the key was made with `pgp_key`, which leaves only the encrypted\
 one. Decrypt it first":t.output_to_lockbox!==void 0?"the field `private_key` is empty: the key was written to Lockbox. \
Read it from there":"the field `private_key` is missing or not a string. Yandex Cloud shows it only once, when the key i\
s made: make a new key if it is lost"}function Jk(t,e){let n=t.indexOf("-----BEGIN"),r=(n>0?t.slice(n):t).replaceAll("\\n",
`
`);if(r.startsWith("-----BEGIN PUBLIC KEY")||r.startsWith("-----BEGIN RSA PUBLIC KEY"))return e("the field `private_key`\
 holds the public key. Put the private one there");if(/^-----BEGIN ENCRYPTED|^Proc-Type: .*ENCRYPTED/m.test(r))return e(
"the field `private_key` is under a passphrase, which no key of Yandex Cloud is. Take it off, or take the file that `yc \
iam key create` wrote");let o=zk(r)??e("the field `private_key` is not a private key in PEM form"),{privateKey:i}=o;return i.
asymmetricKeyType!=="rsa"?e(`the field \`private_key\` is of type ${i.asymmetricKeyType}. Yandex Cloud takes RSA keys of\
 2048 or 4096 bits`):(i.asymmetricKeyDetails?.modulusLength??0)<2048?e("the field `private_key` is an RSA key of less th\
an 2048 bits. Yandex Cloud takes 2048 or 4096 bits"):o}var hd=new de(16);function zk(t){let e=J(t);try{let n=hd.get(e);if(n!==
void 0)return n;let r=(0,md.createPrivateKey)(t),o=new $(r.export({type:"pkcs8",format:"pem"}).toString());return hd.add(
e,{privateKey:r,material:o})}catch{return}}function en(t,e,n,r){let o=yd(t,e,n);return{id:`serviceAccountKey ${o.subjectId} ${o.id} ${J(o.material.reveal())}`,material:o.
material,token:async i=>{try{return await r.exchangeKey(o,i)}catch(s){throw ko(Xk(s,o,e,n),o.subjectId,r.endpoints)}}}}function Xk(t,e,n,r){
return t instanceof R?new R(b`${be(n)}: ${t.text} This is about the key ${e.id} of the account ${e.subjectId}: does it still exist, and is it the account's own?`,
r,t.reply):t}D();H();l();M();D();H();var oa="there is no such file",gd={ENOENT:oa,ENOTDIR:oa,EACCES:"this user may not read it",EPERM:"this u\
ser may not read it",EISDIR:"it is a folder",EFBIG:"it is larger than 1 MiB, so it is no credential",ETIMEDOUT:"it is a \
pipe, and no program wrote to it and closed it in the time allowed",EAGAIN:"it is a terminal or another device, and no f\
ile"};async function vt(t,e,{context:n,call:r}){try{let o={signal:r.signal,timeoutMs:r.remaining()*9/10};return new $(await n.
files.read(t,o))}catch(o){r.signal.throwIfAborted();let i=String(o.code);throw new qo(i,t,e)}}async function tn(t,e,n){try{
return await vt(t,e,n)}catch(r){if(r instanceof qo&&gd[r.fileCode]===oa)return;throw r}}var qo=class extends R{constructor(n,r,{
from:o,option:i}){let s=gd[n]??`it cannot be read (${n})`;super(b`${be(o)} names ${xe(r)}, but ${s}.`,i);this.fileCode=n}};l();async function sm(t){let e=t.reveal();if(!/^\s*private_?key\s*:/im.test(e))return;let{parseDocument:n}=await Promise.resolve().then(()=>Z(qc())),
r=n(e,{prettyErrors:!1,logLevel:"silent"});try{return r.errors.length>0?void 0:r.toJS()}catch{return}}var am={name:"serviceAccountKey",summary:"An authorised key of a service account: the JSON file that `yc iam key create`\
 writes.",options:{file:{kind:"path",secret:!0,env:["YC_SERVICE_ACCOUNT_KEY_FILE"],doc:"Path of the key file, or the JSO\
N itself; `~` is the home folder, and a pipe such as `<(...)` is read to its end."},json:{kind:"secret",json:!0,doc:"The\
 key file's content, as text or as the object itself."}},async resolve(t){let{options:e,source:n,isFromVariable:r,iam:o}=t,
{file:i,json:s}=e;if(s!==void 0&&i!==void 0&&!r("file"))throw new R(b`give ${T("serviceAccountKey.file")} or ${T("servic\
eAccountKey.json")}, not both.`,"serviceAccountKey");if(s!==void 0)return en(s,()=>n("json"),"serviceAccountKey.json",o);
if(i===void 0)return V("no authorised key is given",b`set ${T("serviceAccountKey.file")}, ${T("serviceAccountKey.json")} or YC_SERVICE_ACCOUNT_KEY_FILE`);
if(i.trimStart().startsWith("{"))return en(new $(i),()=>n("file"),"serviceAccountKey.file",o);let c=await vt(i,{from:()=>n(
"file"),option:"serviceAccountKey.file"},t),d=c.reveal().trimStart().startsWith("{")?c:await sm(c)??c;return en(d,()=>b`${n(
"file")} (${i})`,"serviceAccountKey.file",o)}};l();M();D();l();M();D();H();var Di="ACTIONS_ID_TOKEN_REQUEST_URL",Uc="ACTIONS_ID_TOKEN_REQUEST_TOKEN",cm="GitHub's reply to the request for an OIDC \
token",qi="give the job `permissions: id-token: write`";function lm({env:t}){let e=(t[Di]??"").trim(),n=(t[Uc]??"").trim();
if(!(e===""&&n==="")){if(e===""||n===""){let[r,o]=e===""?[Uc,Di]:[Di,Uc];throw new R(`${r} is set but ${o} is not: GitHu\
b Actions sets both. Pass both on to this step.`,"workloadIdentity")}return{url:Is(e,Di,"workloadIdentity"),token:new $(
n)}}}async function um(t,e,{context:n,call:r}){let o=new URL(t.url);e!==void 0&&o.searchParams.set("audience",e);let i=await n.
http({method:"GET",url:o.href,headers:{authorization:new $(`Bearer ${t.token.reveal()}`)},signal:r.signal,timeoutMs:r.remaining(),
retries:r.retries}).catch(a=>{throw _O(a)}),{value:s}=Re(i,cm);if(typeof s!="string"||s==="")throw $e(i,cm,"has no value");
return new $(s)}function _O(t){return!(t instanceof q)||![400,401,403,404].includes(t.reply.status??0)?t:new R(b`GitHub gave no OIDC token: ${t.
text} To mend it, ${qi}.`,"workloadIdentity",t.reply)}l();M();ve();D();H();var fm=16384,dm=/^[-\w]+\.([-\w]+)\.[-\w]+$/;function Ui(t,e,n){let r=t.reveal().trim(),o=i=>{throw new R(
b`${e} ${i}`,n)};return r===""?o("holds no OIDC token: it is empty."):r.length>fm?o(`is longer than ${fm} characters, so\
 it is no OIDC token.`):dm.test(r)?new $(r):o("holds no OIDC token: that is a JWT, three parts with dots between them.")}
function pm(t,e){let n=OO(t);if(n===void 0)return"";let{iss:r,sub:o,aud:i,exp:s}=n,a=Object.entries({issuer:r,subject:o,
audience:i}).flatMap(([u,d])=>{let f=[d].flat().filter(p=>typeof p=="string");return f.length===0?[]:[`${u} ${f.map(xO).
join(", ")}`]}),c=typeof s=="number"&&s*1e3<=e?["it has expired"]:[];return[...a,...c].join(", ")}function OO(t){let e=dm.
exec(t.reveal())?.[1]??"";return fe(Buffer.from(e,"base64url").toString("utf8"))}function xO(t){return t.replace(/[^\x21-\x7e]/g,
"?").slice(0,200)}var Or="workloadIdentity",Fi="/var/run/secrets/tokens/yc-wif/token",vO={serviceAccountId:{kind:"string",env:["YC_WIF_SA_\
ID"],doc:"Id of the service account that the external identity acts as."},tokenFile:{kind:"path",env:["YC_WIF_TOKEN_FILE"],
default:Fi,doc:"File with the OIDC token, read again at every exchange; the default counts only where it exists."},token:{
kind:"secret",env:["YCIAM_WORKLOAD_IDENTITY_TOKEN"],doc:"The OIDC token itself, such as GitLab's `id_tokens` put in a va\
riable."},githubAudience:{kind:"string",env:["YCIAM_WORKLOAD_IDENTITY_GITHUB_AUDIENCE"],doc:"Audience asked of GitHub Ac\
tions, where the token comes from ACTIONS_ID_TOKEN_REQUEST_URL; GitHub's default is the owner's URL."}},mm={name:Or,summary:"\
An OIDC token of GitHub Actions, GitLab, Kubernetes or another issuer, exchanged for an IAM token.",options:vO,async resolve(t){
let{serviceAccountId:e}=t.options;if(e===void 0)return RO(t);let n=CO(e,t.source("serviceAccountId")),r=await IO(t);return t.
iam.authRoot(),t.dryRun&&await r.check(),{id:`workloadIdentity ${n} ${r.id}`,token:async o=>{let i=await r.read(o);return t.
iam.exchangeSubjectToken(i,n,o).catch(s=>{throw jO(s,i,n,t)})}}}};function RO({options:t,source:e,context:n}){let r=["to\
ken","tokenFile","githubAudience"].find(i=>t[i]!==void 0);if(r!==void 0)throw new R(b`${e(r)} is set, but not whose token is wanted: set ${T(
"workloadIdentity.serviceAccountId")} or YC_WIF_SA_ID to the id of a service account.`,"workloadIdentity.serviceAccountI\
d");let o=(n.env.ACTIONS_ID_TOKEN_REQUEST_URL??"")!=="";return V(o?"this job of GitHub Actions may ask for OIDC tokens, \
but no service account is named":"no service account is named to exchange an OIDC token for",b`set ${T("workloadIdentity\
.serviceAccountId")} or YC_WIF_SA_ID`)}function CO(t,e){if(/^[-\w]{1,50}$/.test(t))return t;throw new I(b`${e} is not the id of a service account: letters and digits, 50 at most, such as aje0123456789abcdefg.`,
"workloadIdentity.serviceAccountId")}async function IO(t){NO(t);let e=PO(t)??LO(t)??await $O(t);if(e===void 0)throw MO(t);
return e}function NO({options:t,source:e}){if(/[^\x21-\x7e]/.test(t.githubAudience??""))throw new I(b`${e("githubAudienc\
e")} has a space or another character that no audience has.`,"workloadIdentity.githubAudience")}function PO(t){let{options:e,
source:n,isFromVariable:r}=t,{token:o,tokenFile:i}=e,s=a=>!r(a);if(o===void 0)return i===void 0?void 0:Fc(i,n("tokenFile"),
t);if(i===void 0)return hm(o,t);if(s("token")===s("tokenFile"))throw new R(b`${n("token")} and ${n("tokenFile")} are both set. Leave one of them out.`,
Or);return s("token")?hm(o,t):Fc(i,n("tokenFile"),t)}async function $O(t){if(t.options.githubAudience!==void 0)return;let e=T(
"workloadIdentity.tokenFile");return await tn(Fi,{from:e,option:Or},t)===void 0?void 0:Fc(Fi,e,t)}function hm(t,{source:e}){
let n=Ui(t,e("token"),"workloadIdentity.token");return{id:`token ${J(n.reveal())}`,read:async()=>n,check:async()=>{}}}function Fc(t,e,{
context:n,call:r}){let o=async i=>{let s=await vt(t,{from:e,option:"workloadIdentity.tokenFile"},{context:n,call:i});return Ui(
s,b`the file of ${e} (${t})`,"workloadIdentity.tokenFile")};return{id:`file ${t}`,read:o,check:async()=>{await o(r)}}}function LO({
options:t,context:e}){let n=lm(e);if(n===void 0)return;let r=t.githubAudience;return{id:`github ${r??""} ${J(n.token.reveal())}`,
read:async o=>{let i=await um(n,r,{context:e,call:o});return Ui(i,"GitHub's reply",Or)},check:async()=>{}}}function MO({
source:t,context:e,options:n}){let o=e.env.GITHUB_ACTIONS==="true"||n.githubAudience!==void 0?b`In GitHub Actions, ${qi}`:
b`Set ${T("workloadIdentity.tokenFile")}, YC_WIF_TOKEN_FILE or ${T("workloadIdentity.token")}; in a pod, mount a projected token at ${Fi}; in GitHub Actions, ${qi}`,
i=n.githubAudience===void 0?"serviceAccountId":"githubAudience";return new R(b`${t(i)} is set, but there is no OIDC token to exchange. ${o}.`,
"workloadIdentity")}function jO(t,e,n,{iam:r}){if(!(t instanceof R))return t;let o=pm(e,r.clock.now()),i=o===""?"":` The\
 OIDC token says: ${o}.`,s=new R(b`${t.text}${i} A federation must trust this issuer and audience, and a federated credential must bind exactly this subject to the service account ${n}.`,
Or,t.reply);return ko(s,n,r.endpoints)}l();M();D();H();l();var ym=require("node:path");M();ve();D();H();function Bi({home:t}){return(0,ym.join)(t,".config","yandex-cloud","con\
fig.yaml")}async function gm(t,e){let{LineCounter:n,parseDocument:r,visit:o}=await Promise.resolve().then(()=>Z(qc())),i=new n,
s=r(t.reveal(),{lineCounter:i,prettyErrors:!1,logLevel:"silent"}),a=(d,f)=>{let{line:p}=i.linePos(d);throw new R(b`${e} is not valid YAML: line ${p} (${f}). Mend it, or write it anew with \`yc init\`.`,
"ycProfile.configFile")},[c]=s.errors;if(c!==void 0)return a(c.pos[0],c.code);let u=new Set;return o(s,{Alias:(d,{source:f,
range:p})=>{u.has(f)||a(p?.[0]??0,"UNKNOWN_ALIAS")},Value:(d,{anchor:f})=>{f!==void 0&&u.add(f)}}),DO(qO(s),e)}function DO(t,e){
if(t===null)return{profiles:{}};let n=ke(t)?t:void 0,r=n?.profiles??{};if(n===void 0||!ke(r))throw new R(b`${e} is not a configuration of yc: it must be a mapping with \`current\` and \`profiles\`.`,
"ycProfile.configFile");let o=n.current,i=Object.entries(r).map(([s,a])=>[s,ke(a)?a:{}]);return{profiles:Object.fromEntries(
i),...typeof o=="string"&&o!==""?{current:o}:{}}}function wm(t,e,n,r){let o=Object.hasOwn(t.profiles,e)?t.profiles[e]:void 0;
if(o!==void 0)return o;let i=Object.keys(t.profiles),s=i.length===0?"no profile at all":`only: ${i.map(Ue).join(", ")}`;
throw new R(b`${n} names the profile ${Ue(e)}, but ${r} has ${s}.`,"ycProfile.profile")}function qO(t){try{return t.toJS()}catch{
return}}function bm(t,e){return e===void 0?`yc's configuration (${t})`:b`the file of ${e} (${t})`}var Ki=b`run \`yc init\`, or set ${T(
"ycProfile.configFile")}`;var UO={profile:{kind:"string",env:["YCIAM_YC_CLI_PROFILE"],doc:"Name of the profile; by default the one in use."},path:{
kind:"path",env:["YCIAM_YC_CLI_PATH"],default:"yc",doc:"The `yc` program, when it is not on PATH."}},Sm={name:"ycCli",summary:"\
The user signed in to the `yc` tool, federated and local ones too; without a terminal, only when named.",options:UO,async resolve(t){
let{options:e,named:n,context:r}=t;if(!n&&!r.interactive)return V("yc is asked only when it is named, or at a terminal",
b`name ${T("ycCli")} in ${T("resolvers")} or YCIAM_RESOLVERS`);let o=BO(t),i=await FO(t);if(typeof i!="string")return i;
let s=n?void 0:await HO(t),a=`ycCli ${JSON.stringify([e.path??"",...o])}`;return s??{id:a,token:c=>GO([i,...o],t,c)}}},km=[
"--no-user-output","--format","text"];async function FO({options:t,source:e,context:n}){let r=await n.which((t.path??"yc").
replace(/^~(?=\/)/,n.home));if(r!==void 0)return r;if(t.path===void 0)return V("the program yc is not installed, or not \
on PATH",b`install yc, or set ${T("ycCli.path")}`);throw new R(b`${e("path")} names ${xe(t.path)}, but there is no such program. Give the path of yc.`,
"ycCli.path")}function BO({options:t,source:e,iam:n}){let r=t.profile?.trim();if(r!==void 0&&/^-|[^\x20-\x7e]/.test(r))throw new I(
b`${e("profile")} is not the name of a profile. \`yc config profile list\` tells the names.`,"ycCli.profile");let{api:o,
installation:i}=n.endpoints;return["iam","create-token",...km,...r===void 0?[]:["--profile",r],...i==="ru"?[]:["--endpoi\
nt",KO(o)]]}function KO(t){let{hostname:e,port:n,protocol:r}=new URL(t);return`${e}:${n||(r==="https:"?"443":"80")}`}async function HO(t){
let e=Bi(t.context);return await tn(e,{from:"yc",option:"ycCli"},t)===void 0?V(`yc was never set up here (${e})`,"run `y\
c init`"):void 0}async function GO(t,{context:e,iam:n},r){let o=t.slice(1).filter(a=>!km.includes(a)),i={argv:t,env:YO(e),
name:`\`yc ${o.join(" ")}\``,path:"ycCli"};return{token:Te(await No(i,e,r),"`yc iam create-token`","ycCli"),issuedAt:n.clock.
now()}}function YO({env:t}){return{...t,YC_IAM_TOKEN:void 0,YC_CLI_INITIALIZATION_SILENCE:"true"}}l();M();D();H();var WO={profile:{kind:"string",env:["YCIAM_YC_PROFILE_PROFILE"],doc:"Name of the profile; by default the one in use, `cu\
rrent`."},configFile:{kind:"path",env:["YCIAM_YC_PROFILE_CONFIG_FILE"],default:"~/.config/yandex-cloud/config.yaml",doc:"\
Configuration file of yc."}},Em="ycProfile.configFile",Am={name:"ycProfile",summary:"The key, OAuth token or instance id\
entity that a profile of the `yc` tool holds.",options:WO,async resolve(t){let{options:e,source:n,context:r}=t,o=e.configFile??
Bi(r),i=bm(o,e.configFile===void 0?void 0:n("configFile")),s=await VO(o,t);if(s===void 0)return JO(o,t);let a=await gm(s,
i),c=e.profile??a.current;if(c===void 0)return V(b`${i} has no profile in use`,Ki);let u=e.profile===void 0?b`\`current\``:
n("profile");return zO(wm(a,c,u,i),{name:c,at:i},t)}};function VO(t,e){return e.options.configFile===void 0?tn(t,{from:"\
yc",option:Em},e):vt(t,{from:e.source("configFile"),option:Em},e)}function JO(t,{options:e,source:n}){if(e.profile===void 0)
return V(`yc has no configuration here (${t})`,Ki);throw new R(b`${n("profile")} names the profile ${Ue(e.profile)}, but yc has no configuration here: there is no file ${t}. To mend it, ${Ki}.`,
"ycProfile.profile")}async function zO(t,e,n){let r=t["service-account-key"],o=t.token,i=[!0,"true"].includes(t["instanc\
e-service-account"]),s=b`the profile ${Ue(e.name)} in ${e.at}`;return(r!==void 0||o!==void 0)&&ZO(t.endpoint,s,n),r!==void 0?
en(r,b`service-account-key of ${s}`,"ycProfile",n.iam):o!==void 0?jo(QO(o,s),n):i?XO(s,n):ex(t,e)}async function XO(t,e){
let n=await Zt({...e,only:!0},id(e.context));if(!Be(n))return n;throw new R(b`${t} takes the service account of this instance (instance-service-account), but ${n.
reason}. To mend it, ${n.remedy}, or choose another profile with ${T("ycProfile.profile")}.`,"ycProfile")}function QO(t,e){
let n=b`\`token\` of ${e}`;if(typeof t!="string")throw new R(b`${n} is not a string.`,"ycProfile");let r=Te(new $(t),n,"\
ycProfile");if(!ao(r.reveal()))return r;throw new R(b`${n} is an IAM token, which lives 12h at most; a profile is for credentials that last. Put it in YC_IAM_TOKEN, or sign in again with \`yc init\`.`,
"ycProfile")}function ZO(t,e,{iam:n}){if(typeof t!="string"||t.trim()==="")return;let r=o=>{let i=o.includes("://")?o:`h\
ttps://${o}`;return URL.canParse(i)?new URL(i).host:o};if(r(t)!==r(n.endpoints.api))throw new R(b`${e} is for the endpoint ${r(
t)}, but ${r(n.endpoints.api)} is in use here. Set ${T("endpoint")} to ${r(t)}, or choose another profile with ${T("ycPr\
ofile.profile")}.`,"ycProfile")}function ex(t,{name:e,at:n}){let r=t["federation-id"]!==void 0;return V(b`the profile ${Ue(
e)} in ${n} ${r?"is of a federated user, whose session yc alone can use":"holds no credential of its own"}`,b`ask yc itself with ${T(
"ycCli")}, by naming it in ${T("resolvers")}`)}var Lt=[ud,am,mm,td,fd,Am,Sm,dd,ed];var xr=new AbortController().signal,tx=1e3,nx=10;function Kc(t,e){let n=Yf(t,e.env,Lt),r=new Qt(n,e),{timeoutMs:o,retries:i}=n,
{clock:s}=r.iam,a=new Ae,c,u,d,f=-1/0,p=async y=>{let w=d;try{let S=await r.choose(y,w?.candidate),E=Bc(r,S,await S.source.
hold(y));return d===w&&(d=E),E.result}finally{u=void 0}},g=async(y,w)=>{let{source:S}=w,E=S.usable();if(E!==void 0&&S.isPausing())
return(d=Bc(r,w,E)).result;let _=E===void 0?y:ae(y.signal,y.remaining()/2,i);try{return await Ee(_,p(y))}catch(x){if(y.signal.
aborted||Gn(x)&&S.fresh(s.now())===void 0)throw x;return d=Bc(r,w,S.insteadOf(x)),d.result}},k={getIamToken:async(y=xr)=>{
y.throwIfAborted();let w=s.now();if(d!==void 0&&d.source.fresh(w)===d.held&&(Math.abs(w-f)<tx||(f=w,d.source.isPausing()||
!r.isChanged(d.versions))))return d.result;if(u?.signal!==y||Math.abs(w-u.since)>=nx){let S=d,E=S===void 0?p:x=>g(x,S),_=a.
join(ae(y,o,i),E);u={signal:y,since:w,answer:_}}return u.answer},getAccessKey:async(y={},w=xr)=>(w.throwIfAborted(),c??=
new xo(r,S=>{let E=Kc({...t,minRemainingValidity:`${S}ms`},e);return _=>E.getIamToken(_)}),c.get(y,ae(w,o,i))),whoami:async(y=xr)=>Jf(
r,await k.getIamToken(y),y),explain:async({verify:y=!1,signal:w=xr}={})=>{let S=ae(w,o,i);return Ee(S,Hf(r,S,y))},revoke:async(y,w=xr)=>rx(
r,y,ae(w,o,i)),now:()=>s.now(),forget:async y=>r.drop(y)};return k}function Bc(t,e,n){let{plan:r,iam:o}=t,{issuedAt:i,expiresAt:s=1/0}=n.
token,a=Math.min(n.askedAt+r.policy.refreshAfterMs,s),c=i===void 0?void 0:Math.max(a,o.clock.now());return{...e,held:n,result:Qf(
n.token,e.candidate.resolver.name,c)}}async function rx(t,e,n){try{let r=await Ee(n,t.iam.revoke(e,n));return await t.forget(
e),r}catch(r){throw Yn(r)&&await t.forget(e),r}}l();var Hc="0.1.0";l();var Gc=require("node:crypto");function hn(t,e=""){let n=e.replaceAll("%","%25").replaceAll("\r","%0D").replaceAll(`
`,"%0A");return`::${t}::${n}
`}function Yc(t){return hn("add-mask",t.reveal())}function Tm(t){let e=(0,Gc.randomUUID)();return`::stop-commands::${e}
${t.replace(/\n?$/,`
`)}::${e}::
`}function _m(t){let e=`yciam_${(0,Gc.randomUUID)()}`;return Object.entries(t).map(([n,r])=>`${n}<<${e}
${r}
${e}
`).join("")}l();var Os=require("node:os"),vb=require("node:path"),Au=require("node:tty");D();l();var Wc=Z(require("node:path"));function Vc({platform:t,env:e,home:n}){let r=t==="win32"?Wc.default.win32:Wc.default.
posix,{XDG_CACHE_HOME:o="",LOCALAPPDATA:i=""}=e;if(r.isAbsolute(o))return r.join(o,"yciam","tokens");if(t==="win32"&&r.isAbsolute(
i))return r.join(i,"yciam","Cache","tokens");if(r.isAbsolute(n))return t==="win32"?r.join(n,"AppData","Local","yciam","C\
ache","tokens"):t==="darwin"?r.join(n,"Library","Caches","yciam","tokens"):r.join(n,".cache","yciam","tokens")}l();var Ye=require("node:fs"),nl=require("node:path");l();var me=require("node:crypto"),Ge=Buffer.from(`yciam-token-2
`),[Jc,xm,zc,vm]=[16,32,12,16],[Xc,Hi]=[Ge.length+Jc,Ge.length+Jc+xm],[Om,Qc]=[Hi+zc,Hi+zc+vm];function Rm({identity:t,material:e}){
let n=(0,me.hkdfSync)("sha256",e.reveal(),Ge,"yciam token cache: names of entries",32);return(0,me.createHmac)("sha256",
Buffer.from(n)).update(t).digest("hex").slice(0,32)}function Cm(t,e,n){let r=$m(n),o=(0,me.randomBytes)(xm),i=(0,me.randomBytes)(
zc),s=(0,me.createCipheriv)("aes-256-gcm",Lm(t,o),i);s.setAAD(Mm(t,r));let a=Buffer.concat([s.update(e,"utf8"),s.final()]);
return Buffer.concat([Ge,r,o,i,s.getAuthTag(),a])}function Im(t,e){if(!Pm(e))return;let n=Lm(t,e.subarray(Xc,Hi)),r=e.subarray(
Hi,Om),o=(0,me.createDecipheriv)("aes-256-gcm",n,r,{authTagLength:vm});o.setAAD(Mm(t,e.subarray(Ge.length,Xc))),o.setAuthTag(
e.subarray(Om,Qc));try{return Buffer.concat([o.update(e.subarray(Qc)),o.final()]).toString("utf8")}catch{return}}function Nm(t,e){
return Pm(e)&&e.subarray(Ge.length,Xc).equals($m(t))}function Pm(t){return t.length>=Qc&&t.subarray(0,Ge.length).equals(
Ge)}function $m(t){return(0,me.createHash)("sha256").update(`yciam token cache: mark of a token
${t.reveal()}`).digest().subarray(0,Jc)}function Lm({material:t},e){return Buffer.from((0,me.hkdfSync)("sha256",t.reveal(),
e,"yciam token cache: key of an entry",32))}function Mm({identity:t},e){return Buffer.concat([Ge,e,Buffer.from(t)])}l();var jm=require("node:crypto"),W=require("node:fs"),Dm=require("node:path"),Ne=class extends Error{},{O_RDONLY:ox,O_NOFOLLOW:ix=0,
O_NONBLOCK:sx=0}=W.constants,ax=ox|ix|sx;function vr(t,e){qm(t);let n=(0,W.lstatSync)(t);if(!n.isDirectory())throw new Ne(
"it is a link or a file; put a folder of your own in its place");Um(n,e,"chmod 700")}function qm(t){for(let e=!1;;e=!0)try{
return(0,W.mkdirSync)(t,{mode:448}),(0,W.chmodSync)(t,448)}catch(n){let{code:r}=n,o=(0,Dm.dirname)(t);if(r==="EEXIST")return;
if(e||r!=="ENOENT"||o===t)throw n;qm(o)}}function Gi(t,e,n){let r=cx(t);if(r!==void 0)try{let o=(0,W.fstatSync)(r);if(!o.
isFile())throw new Ne("an entry in it is no plain file; remove that");if(o.size>n)throw new Ne("an entry in it is too la\
rge to be ours; remove that");return Um(o,e,"chmod 600"),(0,W.readFileSync)(r)}finally{(0,W.closeSync)(r)}}function cx(t){
try{return(0,W.openSync)(t,ax)}catch(e){let{code:n}=e;if(n==="ENOENT")return;throw n==="ELOOP"||n==="EMLINK"?new Ne("an \
entry in it is a link; remove that"):e}}function Um({uid:t,mode:e},n,r){if(n!==void 0){if(t!==n)throw new Ne("it belongs\
 to another user; remove it");if((e&63)!==0)throw new Ne(`others may read it; run ${r} on it or remove it`)}}function Zc(t,e,n){
let r=`${t}.${(0,jm.randomBytes)(8).toString("hex")}.tmp`;try{let o=(0,W.openSync)(r,"wx",384);try{(0,W.fchmodSync)(o,384),
(0,W.writeFileSync)(o,e),(0,W.futimesSync)(o,n/1e3,n/1e3)}finally{(0,W.closeSync)(o)}(0,W.renameSync)(r,t)}catch(o){throw(0,W.rmSync)(
r,{force:!0}),o}}l();var Hm=require("node:crypto"),ee=require("node:fs"),Rr=require("node:path"),Gm=require("node:timers/promises");l();var Bm=require("node:crypto"),Yi=require("node:fs"),Km=require("node:os"),el=require("node:path");function tl(t="/pr\
oc"){let e=Fm((0,el.join)(t,"sys/kernel/random/boot_id"),Yi.readFileSync),n=Fm((0,el.join)(t,"self/ns/pid"),Yi.readlinkSync);
return(0,Bm.hash)("sha256",JSON.stringify([(0,Km.hostname)(),e,n])).slice(0,16)}function Fm(t,e){try{return e(t,"utf8")}catch{
return""}}it();var lx=500,ux=3e3,fx=10;async function Ym(t,{signal:e,waitMs:n}){let r=z()+n,o=(0,Hm.randomBytes)(8).toString("hex"),
i=tl(),s=`${process.pid}-${i}-${o}`,a=`${t}.${o}.tmp`,c,u=!1;try{for((0,ee.mkdirSync)(a),(0,ee.chmodSync)(a,448),(0,ee.writeFileSync)(
(0,Rr.join)(a,s),"");;){if(e.throwIfAborted(),u=dx(a,t),u)return px(t,s);if(c??=hx(t,i),!c()){if(z()>=r)return;await(0,Gm.setTimeout)(
fx*(.5+Math.random()),void 0,{signal:e}).catch(()=>{})}}}finally{u||(0,ee.rmSync)(a,{recursive:!0,force:!0})}}function dx(t,e){
try{return(0,ee.renameSync)(t,e),!0}catch(n){let{code:r=""}=n;if((process.platform==="win32"?["EPERM","EACCES","EEXIST"]:
["ENOTEMPTY","EEXIST"]).includes(r))return!1;throw n}}function px(t,e){let r=setInterval(()=>Wi(()=>(0,ee.utimesSync)((0,Rr.join)(
t,e),new Date,new Date)),lx).unref();return async()=>{clearInterval(r),Wi(()=>Wm(t,e))}}function Wm(t,e){try{(0,ee.unlinkSync)(
(0,Rr.join)(t,e))}catch(n){if(n.code!=="ENOENT")throw n}Wi(()=>(0,ee.rmdirSync)(t))}function Wi(t){try{return t(),!0}catch{
return!1}}function hx(t,e){let n="",r=z();return()=>{let o=mx(t);if(o===void 0)return Wi(()=>(0,ee.rmdirSync)(t));let i=`${o}\
 ${gx((0,Rr.join)(t,o))}`;return i!==n&&(r=z()),n=i,!yx(o,e)&&z()-r<ux?!1:(Wm(t,o),!0)}}function mx(t){try{return(0,ee.readdirSync)(
t)[0]}catch(e){if(e.code==="ENOENT")return;throw e}}function yx(t,e){let[n,r]=t.split("-");if(r!==e)return!1;try{return process.
kill(Number(n),0),!1}catch(o){return o.code==="ESRCH"}}function gx(t){return(0,ee.statSync)(t,{throwIfNoEntry:!1})?.mtimeMs??
0}var Vm=16*1024,wx=100,bx=36e5,Vi=class{constructor(e){this.parts=e;this.isTold=!1;this.owner="owner"in e?e.owner:process.
geteuid?.()}async load(e){let{folder:n}=this.parts;try{let r=Gi(this.#e(e),this.owner,Vm);if(r===void 0)return;vr(n,this.
owner);let o=Im(e,r);if(o!==void 0)return o;throw new Ne("an entry in it is damaged; it will be written anew")}catch(r){
return this.#t(r,e.log)}}async save(e,n,r){try{vr(this.parts.folder,this.owner),Zc(this.#e(e),Cm(e,n,r),this.parts.now()),
Ex(this.parts)}catch(o){this.#t(o,e.log)}}async forget(e){try{Sx(e,this.parts,this.owner)}catch(n){this.#t(n)}}async lock(e,n){
try{return vr(this.parts.folder,this.owner),await Ym(`${this.#e(e)}.lock`,n)}catch(r){return n.signal.throwIfAborted(),this.#t(
r,e.log)}}#e(e){return(0,nl.join)(this.parts.folder,Rm(e))}#t(e,n=this.parts.log){this.isTold||(this.isTold=!0,n.warn(`t\
he token cache in ${this.parts.folder} is not used as it should be: ${kx(e)}. Tokens are got anew where it cannot help; \
to do without it, set the option cache, or YCIAM_CACHE, to memory.`))}};function Sx(t,{folder:e,now:n},r){for(let{path:o}of zm(
e,n()).filter(({isEntry:i})=>i)){let i=Jm(()=>Gi(o,r,Vm));i!==void 0&&Nm(t,i)&&(0,Ye.rmSync)(o,{force:!0})}}function Jm(t){
try{return t()}catch{return}}function kx(t){return t instanceof Ne?t.message:t.code??"unknown error"}function Ex({folder:t,
now:e}){let n=zm(t,e()),r=({isEntry:i,age:s})=>Math.abs(s)>(i?Ze:bx),o=n.filter(i=>i.isEntry&&!r(i)).sort((i,s)=>i.age-s.
age).slice(wx);for(let{path:i}of[...n.filter(r),...o])(0,Ye.rmSync)(i,{recursive:!0,force:!0})}function zm(t,e){return((0,Ye.existsSync)(
t)?(0,Ye.readdirSync)(t):[]).filter(r=>/^[0-9a-f]{32}(?:\.[0-9a-z.]+)?$/.test(r)).flatMap(r=>{let o=(0,nl.join)(t,r),i=r.
length===32,s=Jm(()=>(0,Ye.lstatSync)(o));return s===void 0||!(s.isFile()||s.isDirectory()&&!i)?[]:[{path:o,isEntry:i,age:e-
s.mtimeMs}]})}l();var ce=require("node:fs"),il=1024*1024,Ax=2**31-1,Tx=ce.constants.O_RDONLY|(ce.constants.O_NONBLOCK??0),Xm=/^~(?=\/|$)/;
function Qm(t){let e=new Map,n=t.replaceAll("$","$$$$");return{read:async(r,o={})=>(o.signal?.throwIfAborted(),(await _x(
e,r.replace(Xm,n),o)).toString("utf8").replace(/^\uFEFF/,"")),version:r=>{try{let o=(0,ce.statSync)(r.replace(Xm,n));return o.
isFile()?`${o.mtimeMs} ${o.ctimeMs} ${o.size} ${o.ino}`:void 0}catch{return}}}}async function _x(t,e,n){let r=(0,ce.openSync)(
e,Tx),o=(0,ce.fstatSync)(r);if(o.isFile())return xx(r,o.size);if(!o.isFIFO())return rl(ol((0,ce.createReadStream)("",{fd:r,
end:il})),n);let i=t.get(e);if(i!==void 0)return(0,ce.closeSync)(r),rl(i,n);let s=Ox(r);return t.set(e,s),s.catch(()=>t.
delete(e)),rl(s,n)}async function Ox(t){let{Bun:e}=globalThis;if(e!==void 0)return ol(e.file(t).stream());let{Socket:n}=await import("node:net");
return ol(new n({fd:t,readable:!0,writable:!1}).unref())}async function rl(t,{signal:e,timeoutMs:n}){let r=()=>{},o=new Promise(
(i,s)=>{let c=setTimeout(()=>s(sl("ETIMEDOUT")),Math.ceil(n??Ax)),u=()=>s(e?.reason);e?.addEventListener("abort",u,{once:!0}),
r=()=>{clearTimeout(c),e?.removeEventListener("abort",u)}});try{return await Promise.race([t,o])}finally{r()}}function xx(t,e){
let n=[],r=0;try{for(;;){if(Math.max(r,e)>il)throw sl("EFBIG");let o=Buffer.allocUnsafe(e===0?64*1024:e-r),i=(0,ce.readSync)(
t,o);if(n.push(o.subarray(0,i)),r+=i,i===0||r===e)return Buffer.concat(n)}}finally{(0,ce.closeSync)(t)}}async function ol(t){
let e=[],n=0;for await(let r of t){if(n+=r.length,n>il)throw sl("EFBIG");e.push(r)}return Buffer.concat(e)}function sl(t){
return Object.assign(new Error("the file cannot be read"),{code:t})}l();var gn=require("node:path"),ts=require("node:url");l();var Zm=t=>import(t);async function xy(t,e=process.cwd()){let r=t.startsWith(".")||(0,gn.isAbsolute)(t)?(0,ts.pathToFileURL)((0,gn.resolve)(e,
t)).href:await gv(t,e);try{return await Zm(r)}catch(o){throw o.name==="BuildMessage"?new SyntaxError("the module does no\
t parse"):o}}async function gv(t,e){try{return(0,ts.pathToFileURL)(require.resolve(t,{paths:[e]})).href}catch{return(await Promise.resolve().then(()=>(Oy(),_y))).
resolve(t,(0,ts.pathToFileURL)((0,gn.join)(e,"module.js")).href)}}l();H();var wv=1024*1024,vy=async([t,...e],{signal:n,timeoutMs:r,env:o})=>{let{execFile:i}=await import("node:child_process");
return new Promise((s,a)=>{let c={signal:n,timeout:Math.max(1,Math.ceil(r)),killSignal:"SIGKILL",maxBuffer:wv,windowsHide:!0,
...o?{env:{...o}}:{}};i(t,e,c,(d,f,p)=>{let g=d?.code;n.aborted?a(n.reason):typeof g=="string"?a(Object.assign(new Error(
"program could not be run"),{code:g})):s({code:d===null?0:typeof g=="number"?g:null,stdout:new $(f),stderr:p})}).stdin?.
end()})};l();var wn=require("node:fs"),$r=require("node:path");function Ry(t){let{platform:e,env:n,isProgram:r=kv}=t,o=e==="win32";
return async i=>{let s=(o?/[\\/:]/:/\//).test(i),a=s?[i]:o?Sv(i,n):bv(i,n);for(let c of a)if(await r(c,s))return c}}function bv(t,{
PATH:e=""}){return e.split(":").filter(r=>$r.posix.isAbsolute(r)).map(r=>$r.posix.join(r,t))}function Sv(t,e){let n=Object.
fromEntries(Object.entries(e).map(([c,u])=>[c.toUpperCase(),u])),r=(n.PATHEXT??".COM;.EXE;.BAT;.CMD").split(";").filter(
c=>c!==""),i=r.some(c=>t.toUpperCase().endsWith(c.toUpperCase()))?[t]:r.map(c=>t+c);return(n.PATH??"").split(";").map(c=>c.
replaceAll('"',"")).filter(c=>/^(?:[a-z]:[\\/]|\\\\)/i.test(c)).flatMap(c=>i.map(u=>$r.win32.join(c,u)))}async function kv(t,e){
try{return await wn.promises.access(t,e?wn.constants.F_OK:wn.constants.X_OK),(await wn.promises.stat(t)).isFile()}catch{
return!1}}function Tu(t){let e=CI(),n=e??"/",{env:r,platform:o}=process,i=Vc({platform:o,env:r,home:e??""}),s,a=()=>(s??=(xb(),$u(Ob)).
createHttp({userAgent:t.userAgent}),s);return{env:r,files:Qm(n),exec:vy,which:c=>Ry({platform:o,env:r})(c),http:c=>a()(c),
loadHttp:a,now:Date.now,log:t.log,interactive:(0,Au.isatty)(0)&&(0,Au.isatty)(2),home:n,session:new Lo,...i===void 0?{}:
{store:new Vi({folder:i,now:Date.now,log:t.log})},spelling:t.spelling??jn,loadModule:c=>xy(c)}}function CI(){for(let t of[
Os.homedir,()=>(0,Os.userInfo)().homedir])try{let e=t();if((0,vb.isAbsolute)(e))return e}catch{}}l();H();l();M();var II=["YC_IAM_TOKEN","YC_TOKEN"];function _u({token:t}){return Object.fromEntries(II.map(e=>[e,t.reveal()]))}l();M();l();l();function Rb({kind:t,secret:e}){return t==="secret"||e===!0}var Ou=[...Lt,Xt],Ib=ot,Cb=Xf,JK=Object.keys(Cb).filter(t=>Cb[t]?.secret),zK=Ou.filter(({options:t})=>Object.values(t).some(
Rb)).map(({name:t})=>t);var Nb={"service-account-id":"workloadIdentity.serviceAccountId",audience:"workloadIdentity.githubAudience","impersonate\
-service-account-id":"impersonate.serviceAccountId","min-remaining-validity":"minRemainingValidity"};function Pb(t,e){let n=(t[`\
INPUT_${e.toUpperCase()}`]??"").trim();return n===""?void 0:n}function xu(t,e){let n=Pb(t,e)??"false";if(/^(true|True|TRUE)$/.
test(n))return!0;if(/^(false|False|FALSE)$/.test(n))return!1;throw new I(`the input ${e} is neither true nor false.`,e)}
function $b(t){let e={cache:"none"};(t.YCIAM_RESOLVERS??"")===""&&(e.resolvers=["workloadIdentity"]);for(let[n,r]of Object.
entries(Nb)){let o=Pb(t,n),[i="",s]=r.split(".");o!==void 0&&(e[i]=s===void 0?o:{...e[i],[s]:o})}return e}var vu=t=>{let[
e]=Object.entries(Nb).find(([,r])=>r===t)??[];if(e!==void 0)return`the input ${e}`;let[n]=NI(t)?.env??[];return typeof n==
"object"?n.name:n??t};function NI(t){let[e="",n]=t.split(".");return n===void 0?Ib[e]:Ou.find(({name:r})=>r===e)?.options[n]}l();H();var PI={used:"would be asked",unavailable:"not set up",failed:"FAILED",notTried:"not tried"};function Lb({resolvers:t,
chosen:e,verified:n}){let r=t.map(a=>[a.resolver,$I(a,n),`${a.durationMs} ms`,Tt(a.reason??"")]),o=[["RESOLVER","OUTCOME",
"TIME","REASON"],...r],i=[0,1,2].map(a=>Math.max(...o.map(c=>c[a].length)));return`${o.flatMap((a,c)=>{let u=a.slice(0,3).
map((p,g)=>p.padEnd(i[g])),d=t[c-1]?.remedy,f=" ".repeat(i.reduce((p,g)=>p+g+2,0));return[[...u,a[3]].join("  ").trimEnd(),
...d===void 0?[]:[`${f}-> ${Tt(d)}`]]}).join(`
`)}

${LI(e,n)}
`}function $I({outcome:t},e){return t==="used"&&e?"answered":PI[t]}function LI(t,e){return t===void 0?"No resolver gives\
 a token here.":e?`${t} gave a token.`:`${t} would be asked. No token was asked for; --verify does that.`}l();var Mb=require("node:fs");M();function MI(t,e){let n=t[e]??"";if(n!=="")return n;throw new I(`${e} is not set here: this is for a step of a GitHub wor\
kflow.`,e)}function ro(t,e,n){let r=MI(t,e);try{(0,Mb.appendFileSync)(r,_m(n))}catch(o){let{code:i}=o;throw new I(`the f\
ile that ${e} names cannot be written (${i}).`,e)}}async function jb(t){t.env.STATE_isPost==="true"?await qI(t):await jI(t)}async function jI({io:t,env:e,app:n}){ro(e,"GIT\
HUB_STATE",{isPost:"true"});let[r,o]=[xu(e,"export-environment"),xu(e,"revoke")],i=n($b(e)),s=Lb(await i.explain({signal:t.
signal}));t.stdout.write(hn("group","yciam explain")),t.stdout.write(Tm(s)),t.stdout.write(hn("endgroup"));let a=await i.
getIamToken(t.signal);t.stdout.write(Yc(a.token));let c=a.token.reveal();o&&ro(e,"GITHUB_STATE",{token:c}),ro(e,"GITHUB_\
OUTPUT",DI(a)),r&&ro(e,"GITHUB_ENV",_u(a))}function DI({token:t,expiresAt:e="",subjectId:n="",fingerprint:r}){return{token:t.
reveal(),"expires-at":e,"subject-id":n,fingerprint:r}}async function qI({io:t,env:e,app:n}){let r=e.STATE_token??"";r!==
""&&(await n({cache:"none"}).revoke(new $(r),t.signal),t.stdout.write(`The token is revoked.
`))}l();M();l();l();function Db(t){return t.replaceAll(".","-").replace(/[A-Z]/g,e=>`-${e.toLowerCase()}`)}var Ru=t=>{let[e,n]=t.split(".");return Lt.some(o=>o.name===t)?t:n!==void 0&&e!=="impersonate"&&Lt.every(o=>o.name!==e)?
`--option ${t}=...`:`--${Db(t)}`};function qb(t,e=Ru){return t instanceof le?t.messageFor(e):`an unexpected ${st(t)}. This is a defect of yciam, or of a r\
esolver of your own: please report it.`}l();var Kt={ok:0,failed:1,nobodyAnswers:2,usage:64,interrupted:130};l();l();l();l();function xs(t){return t.replace(/[^\P{C}\n]/gu,"")}var Ub=!1,Cu={write:t=>(Ub||process.stderr.on("error",()=>{}),Ub=!0,process.stderr.write(xs(t)))};l();M();function Fb(t,e){let n=!1;return async()=>{if(n)throw new I("standard input can be read once: give `-` for one o\
ption alone.","stdin");n=!0;let r=t(),{text:o}=await import("node:stream/consumers"),i=()=>r.destroy(e.reason);e.addEventListener(
"abort",i,{once:!0});try{return await o(r)}finally{e.removeEventListener("abort",i)}}}function Bb({code:t}){t==="EPIPE"&&process.exit(),Cu.write(`yciam: the output could not be written (${t}).
`),process.exit(Kt.failed)}var UI=2e3;function Kb(t){setTimeout(()=>process.exit(t??process.exitCode),UI).unref()}async function Hb({
run:t,report:e}){let n=new AbortController,r=()=>{n.abort(new DOMException("interrupted","AbortError")),Kb(Kt.interrupted)};
process.once("SIGINT",r),process.once("SIGTERM",r);let o=()=>{process.off("SIGINT",r).off("SIGTERM",r)};process.stdout.on(
"error",Bb);let i=Fb(()=>process.stdin,n.signal),s=(f,p)=>{f.forEach(g=>process.on(g,p)),o()},a=()=>{process.stdout.off(
"error",Bb)},{signal:c}=n,u={stdout:process.stdout,stderr:Cu,stdin:i,signal:c,mindSignals:s,leaveOutput:a},d=f=>{process.
exitCode=f};process.once("uncaughtException",f=>process.exit(e(f,u)));try{await t(u,d)}catch(f){d(e(f,u))}finally{o(),Kb()}}function Iu(t,e,n){let r=n===void 0?"":` ${JSON.stringify(n)}`;process.stdout.write(hn(t,xs(`yciam: ${e}${r}`)))}var FI={
debug:(t,e)=>Iu("debug",t,e),warn:(t,e)=>Iu("warning",t,e)};function Gb(){let t=`yciam/${Hc} (github-action)`,e=Tu({log:FI,
spelling:vu,userAgent:t}),{env:n}=e,r=n.STATE_isPost==="true";return Hb({run:o=>jb({io:o,env:n,app:i=>Kc(i,e)}),report:(o,{
signal:i})=>i.aborted?Kt.interrupted:(Iu(r?"warning":"error",qb(o,vu)),r?Kt.ok:Kt.failed)})}Gb();
