"use strict";var eS=Object.create;var no=Object.defineProperty;var tS=Object.getOwnPropertyDescriptor;var nS=Object.getOwnPropertyNames;var rS=Object.getPrototypeOf,oS=Object.prototype.hasOwnProperty;var O=(t,e,n)=>()=>{if(n)throw n[0];try{return t&&(e=t(t=0)),e}catch(r){throw n=[r],r}};var x=(t,e)=>()=>{try{return e||t((e={exports:{}}).exports,e),e.exports}catch(n){throw e=0,n}},$n=(t,e)=>{for(var n in e)
no(t,n,{get:e[n],enumerable:!0})},$u=(t,e,n,r)=>{if(e&&typeof e=="object"||typeof e=="function")for(let o of nS(e))!oS.call(
t,o)&&o!==n&&no(t,o,{get:()=>e[o],enumerable:!(r=tS(e,o))||r.enumerable});return t};var xe=(t,e,n)=>(n=t!=null?eS(rS(t)):{},$u(e||!t||!t.__esModule?no(n,"default",{value:t,enumerable:!0}):n,t)),Rs=t=>$u(no(
{},"__esModule",{value:!0}),t);var h,l=O(()=>{"use strict";h=class{format(e){return e.join(", ")}}});function At(t,e){return typeof t=="object"&&t!==null&&e in t}var ao=O(()=>{"use strict";l()});function co(t,e){return e.map(n=>n.reveal()).filter(n=>n.length>=6).reduce((n,r)=>n.split(r).join(tt),t)}function nt(t){
return t.replace(lS,tt)}function Tt(t){return Ns(t.replace(/\s+/g," ")).trim()}function Ns(t){return/^[ -~]*$/.test(t)?t:
t.replace(new RegExp("\\p{C}","gu"),"")}function ve(t){let e=o=>/^[\w+/=-]{32,}$/.test(o)&&/[A-Z]/.test(o)&&/[a-z]/.test(
o)&&/\d/.test(o),n=/^(?:[/~.\\]|[A-Za-z]:)/.test(t)?t.split(/[/\\]/):[t];return t.length<=300&&!new RegExp("\\p{C}","u").
test(t)&&!n.some(e)?t:"something that is no path"}function Fe(t){return/^[\w.-]{1,40}$/.test(t)?JSON.stringify(t):"somet\
hing that is no name"}var cS,tt,Mu,L,lS,H=O(()=>{"use strict";l();ao();cS=Symbol.for("nodejs.util.inspect.custom"),tt="[\
secret]",Mu=Symbol.for("yciam.secret"),L=class{#e;constructor(e){this.#e=e}static[Symbol.hasInstance](e){return At(e,Mu)}get[Mu](){
return!0}reveal(){return this.#e}toString(){return tt}toJSON(){return tt}[cS](){return tt}};lS=/(?:(?<![-\w])|(?<=%[0-9A-Fa-f]{2}))(?:t1\.[-\w=]+\.[-\w=]+|eyJ[-\w]+\.[-\w]+(?:\.[-\w]+)?|y[0-3]_[-\w]{20,}|[cs]1\.[-\w=.]{20,}|yctk[-\w.]{16,}|YC[-\w]{38,41}(?![-\w])|hvs\.[-\w]{8,})|(?<=\bBearer )\S+|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*/g});function we(t,e){return t instanceof lo?e(t.path):t instanceof Ln?t.render(e):nt(String(t))}function T(t){return new lo(
t)}function b(t,...e){let n=e.map(r=>typeof r=="object"?r:Ns(String(r)));return new Ln(t.flatMap((r,o)=>o===0?[r]:[n[o-1],
r]))}function jn(t,e){return new Ln(t.flatMap((n,r)=>r===0?[n]:[e,n]))}function be(t){return typeof t=="function"?t():t}
var Mn,ju,Du,lo,Ln,D=O(()=>{"use strict";l();ao();H();Mn=t=>t,ju=Symbol.for("yciam.option"),Du=Symbol.for("yciam.message"),
lo=class{constructor(e){this.path=e}static[Symbol.hasInstance](e){return At(e,ju)}get[ju](){return!0}},Ln=class{constructor(e){
this.parts=e}static[Symbol.hasInstance](e){return At(e,Du)}get[Du](){return!0}render(e=Mn){return nt(this.parts.map(n=>we(
n,e)).join(""))}toString(){return this.render()}}});function uS(t){let e=t.map(r=>b`  ${r.resolver}: ${r.reason}. To use it: ${r.remedy}.`),n=t.length===1?"The resolver ask\
ed for has no credential:":"No credential was found. Tried, in this order:";return jn([n,...e],`
`)}var qu,le,N,R,q,$e,uo,M=O(()=>{"use strict";l();ao();D();qu=Symbol.for("yciam.error"),le=class t extends Error{#e;constructor(e){
super(we(e,Mn)),this.#e=e}static[Symbol.hasInstance](e){return Function.prototype[Symbol.hasInstance].call(this,e)?!0:At(
e,qu)?this===t||"code"in this&&this.code===e.code:!1}get[qu](){return!0}get text(){return this.#e}messageFor(e){return we(
this.#e,e)}},N=class t extends le{constructor(n,r){super(n);this.option=r;this.name="OptionError";this.code=t.code}static{
this.code="ERR_YCIAM_OPTION"}},R=class t extends le{constructor(n,r,o={}){super(n);this.option=r;this.reply=o;this.name=
"CredentialError";this.code=t.code}static{this.code="ERR_YCIAM_CREDENTIAL"}},q=class t extends le{constructor(n,r,o={}){
super(n);this.failure=r;this.reply=o;this.name="ServiceError";this.code=t.code}static{this.code="ERR_YCIAM_SERVICE"}},$e=
class t extends le{constructor(){super(...arguments);this.name="ValidityError";this.code=t.code}static{this.code="ERR_YC\
IAM_VALIDITY"}},uo=class t extends le{constructor(n){super(uS(n));this.refusals=n;this.name="NoCredentialError";this.code=
t.code}static{this.code="ERR_YCIAM_NO_CREDENTIAL"}}});function Bu(...t){let e=t.reduce((o,{length:i})=>o+i,0),n=new Uint8Array(e),r=0;for(let o of t)n.set(o,r),r+=o.length;return n}
function po(t){if(typeof t=="string"&&t.length>=128){if(gS.test(t))throw new TypeError("non-ASCII string encountered in \
encode()");return _t.encode(t)}let e=new Uint8Array(t.length);for(let n=0;n<t.length;n++){let r=t.charCodeAt(n);if(r>127)
throw new TypeError("non-ASCII string encountered in encode()");e[n]=r}return e}function Ku(t,e=!1){if(Uint8Array.prototype.
toBase64)return t.toBase64({alphabet:e?"base64url":"base64",omitPadding:e});let n=32768,r=[];for(let i=0;i<t.length;i+=n)
r.push(String.fromCharCode.apply(null,t.subarray(i,i+n)));let o=btoa(r.join(""));return e?o.replace(/=/g,"").replace(/\+/g,
"-").replace(/\//g,"_"):o}function Hu(t,e=!1){if(Uint8Array.fromBase64)return Uint8Array.fromBase64(t,{alphabet:e?"base6\
4url":"base64"});if(e){if(t.includes("+")||t.includes("/"))throw new TypeError("Invalid base64url");t=t.replace(/-/g,"+").
replace(/_/g,"/")}let n=atob(t),r=new Uint8Array(n.length);for(let o=0;o<n.length;o++)r[o]=n.charCodeAt(o);return r}var _t,
Fu,yS,_0,gS,ho=O(()=>{l();_t=new TextEncoder,Fu=new TextDecoder,yS=new TextDecoder("utf-8",{fatal:!0}),_0=2**32;gS=/[^\x00-\x7f]/});function Gu(t){try{return Hu(typeof t=="string"?t:Fu.decode(t),!0)}catch(e){throw new TypeError(wS,{cause:e})}}function Dn(t){
return Ku(typeof t=="string"?_t.encode(t):t,!0)}var wS,$s=O(()=>{l();ho();wS="The input to be decoded is not correctly e\
ncoded."});var qn,rt,Se,mo,Wt=O(()=>{l();qn=class extends Error{static code="ERR_JOSE_GENERIC";code="ERR_JOSE_GENERIC";constructor(e,n){
super(e,n),this.name=this.constructor.name,Error.captureStackTrace?.(this,this.constructor)}},rt=class extends qn{static code="\
ERR_JOSE_NOT_SUPPORTED";code="ERR_JOSE_NOT_SUPPORTED"},Se=class extends qn{static code="ERR_JWS_INVALID";code="ERR_JWS_I\
NVALID"},mo=class extends qn{static code="ERR_JWT_INVALID";code="ERR_JWT_INVALID"}});function Yu(t){let e={__proto__:null};for(let n in t)e[n]={...t[n],alg:n};return e}var Wu=O(()=>{l()});function Ls(t){let e={name:"HMAC",hash:`SHA-${t}`};return{kty:["oct"],secret:!0,subtle:e,signing:e,usages:Un}}function Vt(t,e){
let n={name:e?"RSA-PSS":"RSASSA-PKCS1-v1_5",hash:`SHA-${t}`};return{kty:["RSA"],subtle:n,signing:e?{...n,saltLength:e}:n,
usages:Un,minRsaBits:2048}}function Ms(t,e){return{kty:["EC"],crv:t,subtle:{name:"ECDSA",namedCurve:t},signing:{name:"EC\
DSA",hash:`SHA-${e}`},usages:Un}}function Vu(){let t={name:"Ed25519"};return{kty:["OKP"],crv:"Ed25519",subtle:t,signing:t,
usages:Un}}function js(t){let e={name:`ML-DSA-${t}`};return{kty:["AKP"],subtle:e,signing:e,usages:Un}}function Ju(t){let e=typeof t==
"string"?bS[t]:void 0;if(!e)throw new rt(`alg ${t} is not supported either by JOSE or your javascript runtime`);return e}
var Un,bS,zu=O(()=>{l();Wt();Wu();Un=[["verify"],["sign"]];bS=Yu({HS256:Ls(256),HS384:Ls(384),HS512:Ls(512),RS256:Vt(256),
RS384:Vt(384),RS512:Vt(512),PS256:Vt(256,32),PS384:Vt(384,48),PS512:Vt(512,64),ES256:Ms("P-256",256),ES384:Ms("P-384",384),
ES512:Ms("P-521",512),EdDSA:Vu(),Ed25519:Vu(),"ML-DSA-44":js(44),"ML-DSA-65":js(65),"ML-DSA-87":js(87)})});function Fn(t){if(typeof t!="object"||t===null||Object.prototype.toString.call(t)!=="[object Object]")return!1;let e=Object.
getPrototypeOf(t);return e===null||Object.getPrototypeOf(e)===null}function Xu(...t){let e=new Set;for(let n of t)if(n)for(let r of Object.
keys(n)){if(e.has(r))return!1;e.add(r)}return!0}function Qu(t,e){if(t!==void 0)throw new TypeError(`${e} can only be cal\
led once`)}function ef(t,e){let{crit:n}=e??{};if(Array.isArray(n)&&new Set(n).size!==n.length)throw new t('"crit" (Criti\
cal) Header Parameter MUST NOT contain duplicate values')}function tf(t,e,n,r,o){if(o.crit!==void 0&&r?.crit===void 0)throw new t(
'"crit" (Critical) Header Parameter MUST be integrity protected');if(!r||r.crit===void 0)return[];if(!Array.isArray(r.crit)||
r.crit.length===0||r.crit.some(s=>typeof s!="string"||s.length===0))throw new t('"crit" (Critical) Header Parameter MUST\
 be an array of non-empty strings when present');let i=n===void 0?e:{__proto__:null,...n,...e};for(let s of r.crit){if(!(s in
i))throw new rt(`Extension Header Parameter "${s}" is not recognized`);if(!Object.hasOwn(o,s)||o[s]===void 0)throw new t(
`Extension Header Parameter "${s}" is missing`);if(i[s]&&(!Object.hasOwn(r,s)||r[s]===void 0))throw new t(`Extension Hea\
der Parameter "${s}" MUST be integrity protected`)}return r.crit}function nf(t,e){if(e.includes("b64")){let n=t.b64;if(typeof n!=
"boolean")throw new Se('The "b64" (base64url-encode payload) Header Parameter must be a boolean');return n}return!0}function Ds(t,e){
let n,r;try{n=JSON.stringify(e),r=JSON.parse(n)}catch(o){throw new t("JOSE Header is not valid JSON",{cause:o})}if(!Fn(r))
throw new t("JOSE Header is not a JSON object");return[r,n]}var Zu,Bn=O(()=>{l();Wt();Zu={__proto__:null,b64:!0}});async function of(t,e,n){let{alg:r,secret:o}=t,i=n==="decrypt"||n==="sign";if(o&&e instanceof Uint8Array)return e;let s,
a;if(Fn(e)){if(s=RS(e),typeof s.kty!="string")throw rf(r,e,o);if(!(o?s.kty==="oct"&&typeof s.k=="string":s.kty!=="oct"&&
(i?s.kty==="AKP"&&typeof s.priv=="string"||typeof s.d=="string":s.d===void 0&&s.priv===void 0)))throw new TypeError(o?'J\
SON Web Key for symmetric algorithms must have JWK "kty" (Key Type) equal to "oct" and the JWK "k" (Key Value) present':
`JSON Web Key for this operation must be a ${i?"private":"public"} JWK`);if(kS(t,s,n),s.kty==="oct")return Gu(s.k);if(!Object.
isFrozen(e)){let{key_ops:d}=e;Array.isArray(d)&&Object.freeze(d),Object.freeze(e)}}else{if(!TS(e))throw rf(r,e,o);let d=o?
"secret":i?"private":"public";if(e.type!==d&&(o||["secret","public","private"].includes(e.type)))throw new TypeError(`${SS(
e)} instances must be of type "${d}" for the ${r} algorithm`);if(sf(e))return e;if(a=e,a.type==="secret")return a.export()}
qs||=new WeakMap;let c=e,u=qs.get(c);if(u?.[r])return u[r];if(u||qs.set(c,u={}),a&&typeof a.toCryptoKey=="function"){let d=a.
type==="public",f=ES[a.asymmetricKeyDetails?.namedCurve],p=t.resolve?.({crv:f,asymmetricKeyType:a.asymmetricKeyType})??t.
subtle;return u[r]=a.toCryptoKey(p,d,t.usages[d?0:1])}return s??=a.export({format:"jwk"}),s.alg=r,u[r]=await CS(t,s)}function _S(t,e,...n){
if(n.length>2){let r=n.pop();t+=`one of type ${n.join(", ")}, or ${r}.`}else n.length===2?t+=`one of type ${n[0]} or ${n[1]}\
.`:t+=`of type ${n[0]}.`;return e==null?t+=` Received ${e}`:typeof e=="function"&&e.name?t+=` Received function ${e.name}`:
typeof e=="object"&&e!=null&&e.constructor?.name&&(t+=` Received an instance of ${e.constructor.name}`),t}function rf(t,e,n){
let r=["CryptoKey","KeyObject","JSON Web Key"];return n&&r.push("Uint8Array"),new TypeError(_S(`Key for the ${t} algorit\
hm must be `,e,...r))}function OS(t,e){if(e&&!t.usages.includes(e))throw new TypeError(`CryptoKey does not support this \
operation, its usages must include ${e}.`)}function af(t,e){let{modulusLength:n}=e.algorithm;if(typeof n!="number"||n<2048)
throw new TypeError(`${t} requires key modulusLength to be 2048 bits or larger`)}function xS(t,e,n){let r=t.algorithm;if(r.
name!==e.name)throw yo(e.name);if(e.hash&&r.hash?.name!==e.hash)throw yo(e.hash,"algorithm.hash");if(e.namedCurve&&r.namedCurve!==
e.namedCurve)throw yo(e.namedCurve,"algorithm.namedCurve");if(e.length!==void 0&&r.length!==e.length)throw yo(e.length,"\
algorithm.length");OS(t,n)}function vS(t){return{__proto__:null,...t}}function RS(t){let e=vS(t);if(e.ext!==void 0&&typeof e.
ext!="boolean")throw new TypeError('"ext" (Extractable) Parameter must be a boolean');if(e.key_ops!==void 0){let n=e.key_ops,
r=Array.isArray(n)?[...n]:void 0;if(!r||r.some(o=>typeof o!="string")||new Set(r).size!==r.length)throw new TypeError('"\
key_ops" (Key Operations) Parameter must be an array of unique strings');e.key_ops=r}return e}async function CS(t,e,n){if(!t.
kty.includes(e.kty))throw new rt('Invalid or unsupported JWK "alg" (Algorithm) Parameter value');let r=t.resolve?.({kty:e.
kty,crv:e.crv})??t.subtle,o=!!(e.d||e.priv),i={...e,ext:n??e.ext};return i.kty!=="AKP"&&delete i.alg,delete i.use,crypto.
subtle.importKey("jwk",i,r,i.ext??!o,e.key_ops??t.usages[o?1:0])}async function cf(t,e,n,r=!1){return t instanceof Uint8Array&&
(t=await crypto.subtle.importKey("raw",t,e,r,[n])),xS(t,e,n),t}var SS,kS,qs,ES,sf,AS,TS,yo,lf=O(()=>{l();Bn();$s();Wt();
SS=t=>t[Symbol.toStringTag],kS=(t,e,n)=>{let{alg:r}=t;if(e.use!==void 0){let o=n==="sign"||n==="verify"?"sig":"enc";if(e.
use!==o)throw new TypeError(`Invalid key for this operation, its "use" must be "${o}" when present`)}if(e.kty==="AKP"&&e.
alg===void 0)throw new TypeError('missing "alg" (Algorithm) Parameter value');if(e.alg!==void 0&&e.alg!==r)throw new TypeError(
`Invalid key for this operation, its "alg" must be "${r}" when present`);if(Array.isArray(e.key_ops)){let o=n==="encrypt"||
n==="decrypt"?t.ops?.[n==="encrypt"?0:1]:n;if(o&&!e.key_ops.includes(o))throw new TypeError(`Invalid key for this operat\
ion, its "key_ops" must include "${o}" when present`)}};ES={__proto__:null,prime256v1:"P-256",secp384r1:"P-384",secp521r1:"\
P-521"},sf=t=>{if(t?.[Symbol.toStringTag]==="CryptoKey")return!0;try{return t instanceof CryptoKey}catch{return!1}},AS=t=>t?.[Symbol.
toStringTag]==="KeyObject",TS=t=>sf(t)||AS(t);yo=(t,e="algorithm.name")=>new TypeError(`CryptoKey does not support this \
operation, its ${e} must be ${t}`)});async function IS(t,e,n){let[r,o,i,s]=t,a="";if(o!==void 0){let S=Ds(Se,o);o=S[0],a=Dn(S[1])}if(i!==void 0&&(i=Ds(Se,i)[0]),
!o&&!i)throw new Se("either setProtectedHeader or setUnprotectedHeader must be called before #sign()");if(!Xu(o,i))throw new Se(
"JWS Protected and JWS Unprotected Header Parameter names must be disjoint");let c={...o,...i};ef(Se,o);let u=nf(o,tf(Se,
Zu,s,o,c));u||n?.();let{alg:d}=c;if(typeof d!="string"||!d)throw new Se('JWS "alg" (Algorithm) Header Parameter missing \
or invalid');let f=Ju(d),p="",y=r,k;if(u){let S=t[4];S?(p=S[0]??=Dn(r),y=S[1]??=po(p)):(p=Dn(r),k=_t.encode(`${a}.${p}`))}
k??=Bu(po(a),po("."),y);let w=await cf(await of(f,e,"sign"),f.subtle,"sign");f.minRsaBits&&af(f.alg,w);let g={signature:Dn(
new Uint8Array(await crypto.subtle.sign(f.signing,w,k))),payload:p};return o&&(g.protected=a),i&&(g.header=i),[g,u]}async function uf(t,e,n,r,o){
let[i]=await IS([t,e,void 0,n],r,o);return`${i.protected}.${i.payload}.${i.signature}`}var ff=O(()=>{l();$s();zu();Bn();
Wt();ho();lf()});function Us(){throw new TypeError("Invalid time period format")}function df(t){typeof t!="string"&&Us();let e=PS.exec(t);
(!e||e[4]&&e[1])&&Us();let n=parseFloat(e[2]),r=Math.round(n*NS[e[3][0].toLowerCase()]);return Number.isFinite(r)||Us(),
e[1]==="-"||e[4]?.toLowerCase()==="ago"?-r:r}function Ks(t,e){if(!Number.isFinite(e))throw new TypeError(`Invalid ${t} i\
nput`);return e}function Fs(t,e){if(typeof e!="string")throw new TypeError(`"${t}" claim must be a string`)}function $S(t){
if(typeof t!="string"&&(!Array.isArray(t)||Array.from(t).some(e=>typeof e!="string")))throw new TypeError('"aud" claim m\
ust be a string or an array of strings')}function Bs(t,e){return typeof t=="number"?Ks(e,t):t instanceof Date?Ks(e,go(t)):
go(new Date)+df(t)}function ot(t){return pf.get(t)}function hf(t){let e=ot(t);for(let n of["iat","nbf","exp"]){let r=e[n];
if(typeof r=="number"&&!Number.isFinite(r))throw new TypeError(`"${n}" claim must be a finite number`)}return _t.encode(
JSON.stringify(e))}var go,NS,PS,pf,wo,mf=O(()=>{l();ho();Bn();go=t=>Math.floor(t.getTime()/1e3),NS={s:1,m:60,h:3600,d:86400,
w:604800,y:31557600},PS=/^(\+|\-)? ?(\d+|\d+\.\d+) ?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|years?|yrs?|y)(?: (ago|from now))?$/i;
wo=class{constructor(e={}){if(!Fn(e))throw new TypeError("JWT Claims Set MUST be an object");(pf||=new WeakMap).set(this,
structuredClone(e))}setIssuer(e){return Fs("iss",e),ot(this).iss=e,this}setSubject(e){return Fs("sub",e),ot(this).sub=e,
this}setAudience(e){return $S(e),ot(this).aud=e,this}setJti(e){return Fs("jti",e),ot(this).jti=e,this}setNotBefore(e){return ot(
this).nbf=Bs(e,"setNotBefore"),this}setExpirationTime(e){return ot(this).exp=Bs(e,"setExpirationTime"),this}setIssuedAt(e){
let n=ot(this);return e===void 0?n.iat=go(new Date):typeof e=="string"?n.iat=Ks("setIssuedAt",go(new Date)+df(e)):n.iat=
Bs(e,"setIssuedAt"),this}}});var yf={};$n(yf,{SignJWT:()=>Hs});var LS,Hs,gf=O(()=>{l();ff();Wt();mf();Bn();LS=wo,Hs=class extends LS{#e;setProtectedHeader(e){
return Qu(this.#e,"setProtectedHeader"),this.#e=e,this}async sign(e,n){return uf(hf(this),this.#e,n?.crit,e,()=>{throw new mo(
"JWTs MUST NOT use unencoded payload")})}}});function Gs(t){try{return JSON.parse(t)}catch{return}}function fe(t){let e=Gs(t);return ke(e)?e:void 0}function ke(t){return typeof t==
"object"&&t!==null&&!Array.isArray(t)}var Re=O(()=>{"use strict";l()});function z(){return process.uptime()*1e3}var rk,$f,ok,Eo,st=O(()=>{"use strict";l();rk=2e3,$f=5e3,ok=100,Eo=class{constructor(e,n=z){
this.hostNow=e;this.monotonic=n;this.offset=0;this.isMeasured=!1;this.latest={time:e(),at:n()}}now(){let e=this.hostNow()+
this.offset,n=this.monotonic(),r=this.latest.time+n-this.latest.at;r-e>ok&&(this.offset+=r-e);let o=Math.max(e,r);return this.
latest={time:o,at:n},o}get offsetMs(){return this.offset}get isHostWrong(){return Math.abs(this.offset)>=$f}presume(e){this.
isMeasured||(this.offset=Math.max(this.offset,e))}observe(e,n=0){if(e===void 0)return!1;let[r,o]=[e+n,e+n+rk],i=this.hostNow()+
this.offset,s=Math.min(Math.max(i,r),o);return this.isMeasured=!0,this.offset+=s-i,this.latest={time:s,at:this.monotonic()},
Math.abs(s-i)>=$f}}});var U=x(ie=>{"use strict";l();var aa=Symbol.for("yaml.alias"),Sd=Symbol.for("yaml.document"),Do=Symbol.for("yaml.map"),kd=Symbol.
for("yaml.pair"),ca=Symbol.for("yaml.scalar"),qo=Symbol.for("yaml.seq"),He=Symbol.for("yaml.node.type"),aE=t=>!!t&&typeof t==
"object"&&t[He]===aa,cE=t=>!!t&&typeof t=="object"&&t[He]===Sd,lE=t=>!!t&&typeof t=="object"&&t[He]===Do,uE=t=>!!t&&typeof t==
"object"&&t[He]===kd,Ed=t=>!!t&&typeof t=="object"&&t[He]===ca,fE=t=>!!t&&typeof t=="object"&&t[He]===qo;function Ad(t){
if(t&&typeof t=="object")switch(t[He]){case Do:case qo:return!0}return!1}function dE(t){if(t&&typeof t=="object")switch(t[He]){case aa:case Do:case ca:case qo:
return!0}return!1}var pE=t=>(Ed(t)||Ad(t))&&!!t.anchor;ie.ALIAS=aa;ie.DOC=Sd;ie.MAP=Do;ie.NODE_TYPE=He;ie.PAIR=kd;ie.SCALAR=
ca;ie.SEQ=qo;ie.hasAnchor=pE;ie.isAlias=aE;ie.isCollection=Ad;ie.isDocument=cE;ie.isMap=lE;ie.isNode=dE;ie.isPair=uE;ie.
isScalar=Ed;ie.isSeq=fE});var Jn=x(la=>{"use strict";l();var re=U(),pe=Symbol("break visit"),Td=Symbol("skip children"),je=Symbol("remove node");function Uo(t,e){
let n=_d(e);re.isDocument(t)?nn(null,t.contents,n,Object.freeze([t]))===je&&(t.contents=null):nn(null,t,n,Object.freeze(
[]))}Uo.BREAK=pe;Uo.SKIP=Td;Uo.REMOVE=je;function nn(t,e,n,r){let o=Od(t,e,n,r);if(re.isNode(o)||re.isPair(o))return xd(
t,r,o),nn(t,o,n,r);if(typeof o!="symbol"){if(re.isCollection(e)){r=Object.freeze(r.concat(e));for(let i=0;i<e.items.length;++i){
let s=nn(i,e.items[i],n,r);if(typeof s=="number")i=s-1;else{if(s===pe)return pe;s===je&&(e.items.splice(i,1),i-=1)}}}else if(re.
isPair(e)){r=Object.freeze(r.concat(e));let i=nn("key",e.key,n,r);if(i===pe)return pe;i===je&&(e.key=null);let s=nn("val\
ue",e.value,n,r);if(s===pe)return pe;s===je&&(e.value=null)}}return o}async function Fo(t,e){let n=_d(e);re.isDocument(t)?
await rn(null,t.contents,n,Object.freeze([t]))===je&&(t.contents=null):await rn(null,t,n,Object.freeze([]))}Fo.BREAK=pe;
Fo.SKIP=Td;Fo.REMOVE=je;async function rn(t,e,n,r){let o=await Od(t,e,n,r);if(re.isNode(o)||re.isPair(o))return xd(t,r,o),
rn(t,o,n,r);if(typeof o!="symbol"){if(re.isCollection(e)){r=Object.freeze(r.concat(e));for(let i=0;i<e.items.length;++i){
let s=await rn(i,e.items[i],n,r);if(typeof s=="number")i=s-1;else{if(s===pe)return pe;s===je&&(e.items.splice(i,1),i-=1)}}}else if(re.
isPair(e)){r=Object.freeze(r.concat(e));let i=await rn("key",e.key,n,r);if(i===pe)return pe;i===je&&(e.key=null);let s=await rn(
"value",e.value,n,r);if(s===pe)return pe;s===je&&(e.value=null)}}return o}function _d(t){return typeof t=="object"&&(t.Collection||
t.Node||t.Value)?Object.assign({Alias:t.Node,Map:t.Node,Scalar:t.Node,Seq:t.Node},t.Value&&{Map:t.Value,Scalar:t.Value,Seq:t.
Value},t.Collection&&{Map:t.Collection,Seq:t.Collection},t):t}function Od(t,e,n,r){if(typeof n=="function")return n(t,e,
r);if(re.isMap(e))return n.Map?.(t,e,r);if(re.isSeq(e))return n.Seq?.(t,e,r);if(re.isPair(e))return n.Pair?.(t,e,r);if(re.
isScalar(e))return n.Scalar?.(t,e,r);if(re.isAlias(e))return n.Alias?.(t,e,r)}function xd(t,e,n){let r=e[e.length-1];if(re.
isCollection(r))r.items[t]=n;else if(re.isPair(r))t==="key"?r.key=n:r.value=n;else if(re.isDocument(r))r.contents=n;else{
let o=re.isAlias(r)?"alias":"scalar";throw new Error(`Cannot replace node with ${o} parent`)}}la.visit=Uo;la.visitAsync=
Fo});var ua=x(Rd=>{"use strict";l();var vd=U(),hE=Jn(),mE={"!":"%21",",":"%2C","[":"%5B","]":"%5D","{":"%7B","}":"%7D"},yE=t=>t.
replace(/[!,[\]{}]/g,e=>mE[e]),zn=class t{constructor(e,n){this.docStart=null,this.docEnd=!1,this.yaml=Object.assign({},
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
this.tags))if(e.startsWith(r))return n+yE(e.substring(r.length));return e[0]==="!"?e:`!<${e}>`}toString(e){let n=this.yaml.
explicit?[`%YAML ${this.yaml.version||"1.2"}`]:[],r=Object.entries(this.tags),o;if(e&&r.length>0&&vd.isNode(e.contents)){
let i={};hE.visit(e.contents,(s,a)=>{vd.isNode(a)&&a.tag&&(i[a.tag]=!0)}),o=Object.keys(i)}else o=[];for(let[i,s]of r)i===
"!!"&&s==="tag:yaml.org,2002:"||(!e||o.some(a=>a.startsWith(s)))&&n.push(`%TAG ${i} ${s}`);return n.join(`
`)}};zn.defaultYaml={explicit:!1,version:"1.2"};zn.defaultTags={"!!":"tag:yaml.org,2002:"};Rd.Directives=zn});var Bo=x(Xn=>{"use strict";l();var Cd=U(),gE=Jn();function wE(t){if(/[\x00-\x19\s,[\]{}]/.test(t)){let n=`Anchor must no\
t contain whitespace or control characters: ${JSON.stringify(t)}`;throw new Error(n)}return!0}function Id(t){let e=new Set;
return gE.visit(t,{Value(n,r){r.anchor&&e.add(r.anchor)}}),e}function Nd(t,e){for(let n=1;;++n){let r=`${t}${n}`;if(!e.has(
r))return r}}function bE(t,e){let n=[],r=new Map,o=null;return{onAnchor:i=>{n.push(i),o??(o=Id(t));let s=Nd(e,o);return o.
add(s),s},setAnchors:()=>{for(let i of n){let s=r.get(i);if(typeof s=="object"&&s.anchor&&(Cd.isScalar(s.node)||Cd.isCollection(
s.node)))s.node.anchor=s.anchor;else{let a=new Error("Failed to resolve repeated object (this should not happen)");throw a.
source=i,a}}},sourceObjects:r}}Xn.anchorIsValid=wE;Xn.anchorNames=Id;Xn.createNodeAnchors=bE;Xn.findNewAnchor=Nd});var fa=x(Pd=>{"use strict";l();function Qn(t,e,n,r){if(r&&typeof r=="object")if(Array.isArray(r))for(let o=0,i=r.length;o<
i;++o){let s=r[o],a=Qn(t,r,String(o),s);a===void 0?delete r[o]:a!==s&&(r[o]=a)}else if(r instanceof Map)for(let o of Array.
from(r.keys())){let i=r.get(o),s=Qn(t,r,o,i);s===void 0?r.delete(o):s!==i&&r.set(o,s)}else if(r instanceof Set)for(let o of Array.
from(r)){let i=Qn(t,r,o,o);i===void 0?r.delete(o):i!==o&&(r.delete(o),r.add(i))}else for(let[o,i]of Object.entries(r)){let s=Qn(
t,r,o,i);s===void 0?delete r[o]:s!==i&&(r[o]=s)}return t.call(e,n,r)}Pd.applyReviver=Qn});var ut=x(Ld=>{"use strict";l();var SE=U();function $d(t,e,n){if(Array.isArray(t))return t.map((r,o)=>$d(r,String(o),n));
if(t&&typeof t.toJSON=="function"){if(!n||!SE.hasAnchor(t))return t.toJSON(e,n);let r={aliasCount:0,count:1,res:void 0};
n.anchors.set(t,r),n.onCreate=i=>{r.res=i,delete n.onCreate};let o=t.toJSON(e,n);return n.onCreate&&n.onCreate(o),o}return typeof t==
"bigint"&&!n?.keep?Number(t):t}Ld.toJS=$d});var Ko=x(jd=>{"use strict";l();var kE=fa(),Md=U(),EE=ut(),da=class{constructor(e){Object.defineProperty(this,Md.NODE_TYPE,
{value:e})}clone(){let e=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return this.range&&
(e.range=this.range.slice()),e}toJS(e,{mapAsMap:n,maxAliasCount:r,onAnchor:o,reviver:i}={}){if(!Md.isDocument(e))throw new TypeError(
"A document argument is required");let s={anchors:new Map,doc:e,keep:!0,mapAsMap:n===!0,mapKeyWarned:!1,maxAliasCount:typeof r==
"number"?r:100},a=EE.toJS(this,"",s);if(typeof o=="function")for(let{count:c,res:u}of s.anchors.values())o(u,c);return typeof i==
"function"?kE.applyReviver(i,{"":a},"",a):a}};jd.NodeBase=da});var Zn=x(Dd=>{"use strict";l();var AE=Bo(),TE=Jn(),on=U(),_E=Ko(),OE=ut(),pa=class extends _E.NodeBase{constructor(e){super(
on.ALIAS),this.source=e,Object.defineProperty(this,"tag",{set(){throw new Error("Alias nodes cannot have tags")}})}resolve(e,n){
if(n?.maxAliasCount===0)throw new ReferenceError("Alias resolution is disabled");let r;n?.aliasResolveCache?r=n.aliasResolveCache:
(r=[],TE.visit(e,{Node:(i,s)=>{(on.isAlias(s)||on.hasAnchor(s))&&r.push(s)}}),n&&(n.aliasResolveCache=r));let o;for(let i of r){
if(i===this)break;i.anchor===this.source&&(o=i)}if(o&&n){let{anchors:i,doc:s,maxAliasCount:a}=n,c=i.get(o);if(c||(OE.toJS(
o,null,n),c=i.get(o)),c?.res===void 0){let u="This should not happen: Alias anchor was not resolved?";throw new ReferenceError(
u)}if(a>=0&&(c.count+=1,c.aliasCount===0&&(c.aliasCount=Ho(s,o,i)),c.count*c.aliasCount>a)){let u="Excessive alias count\
 indicates a resource exhaustion attack";throw new ReferenceError(u)}}return o}toJSON(e,n){if(!n)return{source:this.source};
let r=this.resolve(n.doc,n);if(!r){let o=`Unresolved alias (the anchor must be set before the alias): ${this.source}`;throw new ReferenceError(
o)}return n.anchors.get(r).res}toString(e,n,r){let o=`*${this.source}`;if(e){if(AE.anchorIsValid(this.source),e.options.
verifyAliasOrder&&!e.anchors.has(this.source)){let i=`Unresolved alias (the anchor must be set before the alias): ${this.
source}`;throw new Error(i)}if(e.implicitKey)return`${o} `}return o}};function Ho(t,e,n){if(on.isAlias(e)){let r=e.resolve(
t),o=n&&r&&n.get(r);return o?o.count*o.aliasCount:0}else if(on.isCollection(e)){let r=0;for(let o of e.items){let i=Ho(t,
o,n);i>r&&(r=i)}return r}else if(on.isPair(e)){let r=Ho(t,e.key,n),o=Ho(t,e.value,n);return Math.max(r,o)}return 1}Dd.Alias=
pa});var te=x(ha=>{"use strict";l();var xE=U(),vE=Ko(),RE=ut(),CE=t=>!t||typeof t!="function"&&typeof t!="object",ft=class extends vE.
NodeBase{constructor(e){super(xE.SCALAR),this.value=e}toJSON(e,n){return n?.keep?this.value:RE.toJS(this.value,e,n)}toString(){
return String(this.value)}};ft.BLOCK_FOLDED="BLOCK_FOLDED";ft.BLOCK_LITERAL="BLOCK_LITERAL";ft.PLAIN="PLAIN";ft.QUOTE_DOUBLE=
"QUOTE_DOUBLE";ft.QUOTE_SINGLE="QUOTE_SINGLE";ha.Scalar=ft;ha.isScalarValue=CE});var er=x(Ud=>{"use strict";l();var IE=Zn(),Rt=U(),qd=te(),NE="tag:yaml.org,2002:";function PE(t,e,n){if(e){let r=n.filter(
i=>i.tag===e),o=r.find(i=>!i.format)??r[0];if(!o)throw new Error(`Tag ${e} not found`);return o}return n.find(r=>r.identify?.(
t)&&!r.format)}function $E(t,e,n){if(Rt.isDocument(t)&&(t=t.contents),Rt.isNode(t))return t;if(Rt.isPair(t)){let f=n.schema[Rt.
MAP].createNode?.(n.schema,null,n);return f.items.push(t),f}(t instanceof String||t instanceof Number||t instanceof Boolean||
typeof BigInt<"u"&&t instanceof BigInt)&&(t=t.valueOf());let{aliasDuplicateObjects:r,onAnchor:o,onTagObj:i,schema:s,sourceObjects:a}=n,
c;if(r&&t&&typeof t=="object"){if(c=a.get(t),c)return c.anchor??(c.anchor=o(t)),new IE.Alias(c.anchor);c={anchor:null,node:null},
a.set(t,c)}e?.startsWith("!!")&&(e=NE+e.slice(2));let u=PE(t,e,s.tags);if(!u){if(t&&typeof t.toJSON=="function"&&(t=t.toJSON()),
!t||typeof t!="object"){let f=new qd.Scalar(t);return c&&(c.node=f),f}u=t instanceof Map?s[Rt.MAP]:Symbol.iterator in Object(
t)?s[Rt.SEQ]:s[Rt.MAP]}i&&(i(u),delete n.onTagObj);let d=u?.createNode?u.createNode(n.schema,t,n):typeof u?.nodeClass?.from==
"function"?u.nodeClass.from(n.schema,t,n):new qd.Scalar(t);return e?d.tag=e:u.default||(d.tag=u.tag),c&&(c.node=d),d}Ud.
createNode=$E});var Yo=x(Go=>{"use strict";l();var LE=er(),De=U(),ME=Ko();function ma(t,e,n){let r=n;for(let o=e.length-1;o>=0;--o){let i=e[o];
if(typeof i=="number"&&Number.isInteger(i)&&i>=0){let s=[];s[i]=r,r=s}else r=new Map([[i,r]])}return LE.createNode(r,void 0,
{aliasDuplicateObjects:!1,keepUndefined:!1,onAnchor:()=>{throw new Error("This should not happen, please report a bug.")},
schema:t,sourceObjects:new Map})}var Fd=t=>t==null||typeof t=="object"&&!!t[Symbol.iterator]().next().done,ya=class extends ME.
NodeBase{constructor(e,n){super(e),Object.defineProperty(this,"schema",{value:n,configurable:!0,enumerable:!1,writable:!0})}clone(e){
let n=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return e&&(n.schema=e),n.items=n.
items.map(r=>De.isNode(r)||De.isPair(r)?r.clone(e):r),this.range&&(n.range=this.range.slice()),n}addIn(e,n){if(Fd(e))this.
add(n);else{let[r,...o]=e,i=this.get(r,!0);if(De.isCollection(i))i.addIn(o,n);else if(i===void 0&&this.schema)this.set(r,
ma(this.schema,o,n));else throw new Error(`Expected YAML collection at ${r}. Remaining path: ${o}`)}}deleteIn(e){let[n,...r]=e;
if(r.length===0)return this.delete(n);let o=this.get(n,!0);if(De.isCollection(o))return o.deleteIn(r);throw new Error(`E\
xpected YAML collection at ${n}. Remaining path: ${r}`)}getIn(e,n){let[r,...o]=e,i=this.get(r,!0);return o.length===0?!n&&
De.isScalar(i)?i.value:i:De.isCollection(i)?i.getIn(o,n):void 0}hasAllNullValues(e){return this.items.every(n=>{if(!De.isPair(
n))return!1;let r=n.value;return r==null||e&&De.isScalar(r)&&r.value==null&&!r.commentBefore&&!r.comment&&!r.tag})}hasIn(e){
let[n,...r]=e;if(r.length===0)return this.has(n);let o=this.get(n,!0);return De.isCollection(o)?o.hasIn(r):!1}setIn(e,n){
let[r,...o]=e;if(o.length===0)this.set(r,n);else{let i=this.get(r,!0);if(De.isCollection(i))i.setIn(o,n);else if(i===void 0&&
this.schema)this.set(r,ma(this.schema,o,n));else throw new Error(`Expected YAML collection at ${r}. Remaining path: ${o}`)}}};
Go.Collection=ya;Go.collectionFromPath=ma;Go.isEmptyPath=Fd});var tr=x(Wo=>{"use strict";l();var jE=t=>t.replace(/^(?!$)(?: $)?/gm,"#");function ga(t,e){return/^\n+$/.test(t)?t.substring(
1):e?t.replace(/^(?! *$)/gm,e):t}var DE=(t,e,n)=>t.endsWith(`
`)?ga(n,e):n.includes(`
`)?`
`+ga(n,e):(t.endsWith(" ")?"":" ")+n;Wo.indentComment=ga;Wo.lineComment=DE;Wo.stringifyComment=jE});var Kd=x(nr=>{"use strict";l();var qE="flow",wa="block",Vo="quoted";function UE(t,e,n="flow",{indentAtStart:r,lineWidth:o=80,
minContentWidth:i=20,onFold:s,onOverflow:a}={}){if(!o||o<0)return t;o<i&&(i=0);let c=Math.max(1+i,1+o-e.length);if(t.length<=
c)return t;let u=[],d={},f=o-e.length;typeof r=="number"&&(r>o-Math.max(2,i)?u.push(0):f=o-r);let p,y,k=!1,w=-1,g=-1,S=-1;
n===wa&&(w=Bd(t,w,e.length),w!==-1&&(f=w+c));for(let _;_=t[w+=1];){if(n===Vo&&_==="\\"){switch(g=w,t[w+1]){case"x":w+=3;
break;case"u":w+=5;break;case"U":w+=9;break;default:w+=1}S=w}if(_===`
`)n===wa&&(w=Bd(t,w,e.length)),f=w+e.length+c,p=void 0;else{if(_===" "&&y&&y!==" "&&y!==`
`&&y!=="	"){let v=t[w+1];v&&v!==" "&&v!==`
`&&v!=="	"&&(p=w)}if(w>=f)if(p)u.push(p),f=p+c,p=void 0;else if(n===Vo){for(;y===" "||y==="	";)y=_,_=t[w+=1],k=!0;let v=w>
S+1?w-2:g-1;if(d[v])return t;u.push(v),d[v]=!0,f=v+c,p=void 0}else k=!0}y=_}if(k&&a&&a(),u.length===0)return t;s&&s();let E=t.
slice(0,u[0]);for(let _=0;_<u.length;++_){let v=u[_],I=u[_+1]||t.length;v===0?E=`
${e}${t.slice(0,I)}`:(n===Vo&&d[v]&&(E+=`${t[v]}\\`),E+=`
${e}${t.slice(v+1,I)}`)}return E}function Bd(t,e,n){let r=e,o=e+1,i=t[o];for(;i===" "||i==="	";)if(e<o+n)i=t[++e];else{do
i=t[++e];while(i&&i!==`
`);r=e,o=e+1,i=t[o]}return r}nr.FOLD_BLOCK=wa;nr.FOLD_FLOW=qE;nr.FOLD_QUOTED=Vo;nr.foldFlowLines=UE});var or=x(Hd=>{"use strict";l();var Ie=te(),dt=Kd(),zo=(t,e)=>({indentAtStart:e?t.indent.length:t.indentAtStart,lineWidth:t.
options.lineWidth,minContentWidth:t.options.minContentWidth}),Xo=t=>/^(%|---|\.\.\.)/m.test(t);function FE(t,e,n){if(!e||
e<0)return!1;let r=e-n,o=t.length;if(o<=r)return!1;for(let i=0,s=0;i<o;++i)if(t[i]===`
`){if(i-s>r)return!0;if(s=i+1,o-s<=r)return!1}return!0}function rr(t,e){let n=JSON.stringify(t);if(e.options.doubleQuotedAsJSON)
return n;let{implicitKey:r}=e,o=e.options.doubleQuotedMinMultiLineLength,i=e.indent||(Xo(t)?"  ":""),s="",a=0;for(let c=0,
u=n[c];u;u=n[++c])if(u===" "&&n[c+1]==="\\"&&n[c+2]==="n"&&(s+=n.slice(a,c)+"\\ ",c+=1,a=c,u="\\"),u==="\\")switch(n[c+1]){case"\
u":{s+=n.slice(a,c);let d=n.substr(c+2,4);switch(d){case"0000":s+="\\0";break;case"0007":s+="\\a";break;case"000b":s+="\\\
v";break;case"001b":s+="\\e";break;case"0085":s+="\\N";break;case"00a0":s+="\\_";break;case"2028":s+="\\L";break;case"20\
29":s+="\\P";break;default:d.substr(0,2)==="00"?s+="\\x"+d.substr(2):s+=n.substr(c,6)}c+=5,a=c+1}break;case"n":if(r||n[c+
2]==='"'||n.length<o)c+=1;else{for(s+=n.slice(a,c)+`

`;n[c+2]==="\\"&&n[c+3]==="n"&&n[c+4]!=='"';)s+=`
`,c+=2;s+=i,n[c+2]===" "&&(s+="\\"),c+=1,a=c+1}break;default:c+=1}return s=a?s+n.slice(a):n,r?s:dt.foldFlowLines(s,i,dt.
FOLD_QUOTED,zo(e,!1))}function ba(t,e){if(e.options.singleQuote===!1||e.implicitKey&&t.includes(`
`)||/[ \t]\n|\n[ \t]/.test(t))return rr(t,e);let n=e.indent||(Xo(t)?"  ":""),r="'"+t.replace(/'/g,"''").replace(/\n+/g,`\
$&
${n}`)+"'";return e.implicitKey?r:dt.foldFlowLines(r,n,dt.FOLD_FLOW,zo(e,!1))}function sn(t,e){let{singleQuote:n}=e.options,
r;if(n===!1)r=rr;else{let o=t.includes('"'),i=t.includes("'");o&&!i?r=ba:i&&!o?r=rr:r=n?ba:rr}return r(t,e)}var Sa;try{Sa=
new RegExp(`(^|(?<!
))
+(?!
|$)`,"g")}catch{Sa=/\n+(?!\n|$)/g}function Jo({comment:t,type:e,value:n},r,o,i){let{blockQuote:s,commentString:a,lineWidth:c}=r.
options;if(!s||/\n[\t ]+$/.test(n))return sn(n,r);let u=r.indent||(r.forceBlockIndent||Xo(n)?"  ":""),d=s==="literal"?!0:
s==="folded"||e===Ie.Scalar.BLOCK_FOLDED?!1:e===Ie.Scalar.BLOCK_LITERAL?!0:!FE(n,c,u.length);if(!n)return d?`|
`:`>
`;let f,p;for(p=n.length;p>0;--p){let I=n[p-1];if(I!==`
`&&I!=="	"&&I!==" ")break}let y=n.substring(p),k=y.indexOf(`
`);k===-1?f="-":n===y||k!==y.length-1?(f="+",i&&i()):f="",y&&(n=n.slice(0,-y.length),y[y.length-1]===`
`&&(y=y.slice(0,-1)),y=y.replace(Sa,`$&${u}`));let w=!1,g,S=-1;for(g=0;g<n.length;++g){let I=n[g];if(I===" ")w=!0;else if(I===
`
`)S=g;else break}let E=n.substring(0,S<g?S+1:g);E&&(n=n.substring(E.length),E=E.replace(/\n+/g,`$&${u}`));let v=(w?u?"2":
"1":"")+f;if(t&&(v+=" "+a(t.replace(/ ?[\r\n]+/g," ")),o&&o()),!d){let I=n.replace(/\n+/g,`
$&`).replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g,"$1$2").replace(/\n+/g,`$&${u}`),P=!1,Y=zo(r,!0);s!=="fold\
ed"&&e!==Ie.Scalar.BLOCK_FOLDED&&(Y.onOverflow=()=>{P=!0});let C=dt.foldFlowLines(`${E}${I}${y}`,u,dt.FOLD_BLOCK,Y);if(!P)
return`>${v}
${u}${C}`}return n=n.replace(/\n+/g,`$&${u}`),`|${v}
${u}${E}${n}${y}`}function BE(t,e,n,r){let{type:o,value:i}=t,{actualString:s,implicitKey:a,indent:c,indentStep:u,inFlow:d}=e;
if(a&&i.includes(`
`)||d&&/[[\]{},]/.test(i))return sn(i,e);if(/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.
test(i))return a||d||!i.includes(`
`)?sn(i,e):Jo(t,e,n,r);if(!a&&!d&&o!==Ie.Scalar.PLAIN&&i.includes(`
`))return Jo(t,e,n,r);if(Xo(i)){if(c==="")return e.forceBlockIndent=!0,Jo(t,e,n,r);if(a&&c===u)return sn(i,e)}let f=i.replace(
/\n+/g,`$&
${c}`);if(s){let p=w=>w.default&&w.tag!=="tag:yaml.org,2002:str"&&w.test?.test(f),{compat:y,tags:k}=e.doc.schema;if(k.some(
p)||y?.some(p))return sn(i,e)}return a?f:dt.foldFlowLines(f,c,dt.FOLD_FLOW,zo(e,!1))}function KE(t,e,n,r){let{implicitKey:o,
inFlow:i}=e,s=typeof t.value=="string"?t:Object.assign({},t,{value:String(t.value)}),{type:a}=t;a!==Ie.Scalar.QUOTE_DOUBLE&&
/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(s.value)&&(a=Ie.Scalar.QUOTE_DOUBLE);let c=d=>{switch(d){case Ie.
Scalar.BLOCK_FOLDED:case Ie.Scalar.BLOCK_LITERAL:return o||i?sn(s.value,e):Jo(s,e,n,r);case Ie.Scalar.QUOTE_DOUBLE:return rr(
s.value,e);case Ie.Scalar.QUOTE_SINGLE:return ba(s.value,e);case Ie.Scalar.PLAIN:return BE(s,e,n,r);default:return null}},
u=c(a);if(u===null){let{defaultKeyType:d,defaultStringType:f}=e.options,p=o&&d||f;if(u=c(p),u===null)throw new Error(`Un\
supported default string type ${p}`)}return u}Hd.stringifyString=KE});var ir=x(ka=>{"use strict";l();var HE=Bo(),pt=U(),GE=tr(),YE=or();function WE(t,e){let n=Object.assign({blockQuote:!0,commentString:GE.
stringifyComment,defaultKeyType:null,defaultStringType:"PLAIN",directives:null,doubleQuotedAsJSON:!1,doubleQuotedMinMultiLineLength:40,
falseStr:"false",flowCollectionPadding:!0,indentSeq:!0,lineWidth:80,minContentWidth:20,nullStr:"null",simpleKeys:!1,singleQuote:null,
trailingComma:!1,trueStr:"true",verifyAliasOrder:!0},t.schema.toStringOptions,e),r;switch(n.collectionStyle){case"block":
r=!1;break;case"flow":r=!0;break;default:r=null}return{anchors:new Set,doc:t,flowCollectionPadding:n.flowCollectionPadding?
" ":"",indent:"",indentStep:typeof n.indent=="number"?" ".repeat(n.indent):"  ",inFlow:r,options:n}}function VE(t,e){if(e.
tag){let o=t.filter(i=>i.tag===e.tag);if(o.length>0)return o.find(i=>i.format===e.format)??o[0]}let n,r;if(pt.isScalar(e)){
r=e.value;let o=t.filter(i=>i.identify?.(r));if(o.length>1){let i=o.filter(s=>s.test);i.length>0&&(o=i)}n=o.find(i=>i.format===
e.format)??o.find(i=>!i.format)}else r=e,n=t.find(o=>o.nodeClass&&r instanceof o.nodeClass);if(!n){let o=r?.constructor?.
name??(r===null?"null":typeof r);throw new Error(`Tag not resolved for ${o} value`)}return n}function JE(t,e,{anchors:n,
doc:r}){if(!r.directives)return"";let o=[],i=(pt.isScalar(t)||pt.isCollection(t))&&t.anchor;i&&HE.anchorIsValid(i)&&(n.add(
i),o.push(`&${i}`));let s=t.tag??(e.default?null:e.tag);return s&&o.push(r.directives.tagString(s)),o.join(" ")}function zE(t,e,n,r){
if(pt.isPair(t))return t.toString(e,n,r);if(pt.isAlias(t)){if(e.doc.directives)return t.toString(e);if(e.resolvedAliases?.
has(t))throw new TypeError("Cannot stringify circular structure without alias nodes");e.resolvedAliases?e.resolvedAliases.
add(t):e.resolvedAliases=new Set([t]),t=t.resolve(e.doc)}let o,i=pt.isNode(t)?t:e.doc.createNode(t,{onTagObj:c=>o=c});o??
(o=VE(e.doc.schema.tags,i));let s=JE(i,o,e);s.length>0&&(e.indentAtStart=(e.indentAtStart??0)+s.length+1);let a=typeof o.
stringify=="function"?o.stringify(i,e,n,r):pt.isScalar(i)?YE.stringifyString(i,e,n,r):i.toString(e,n,r);return s?pt.isScalar(
i)||a[0]==="{"||a[0]==="["?`${s} ${a}`:`${s}
${e.indent}${a}`:a}ka.createStringifyContext=WE;ka.stringify=zE});var Vd=x(Wd=>{"use strict";l();var Ge=U(),Gd=te(),Yd=ir(),sr=tr();function XE({key:t,value:e},n,r,o){let{allNullValues:i,
doc:s,indent:a,indentStep:c,options:{commentString:u,indentSeq:d,simpleKeys:f}}=n,p=Ge.isNode(t)&&t.comment||null;if(f){
if(p)throw new Error("With simple keys, key nodes cannot have comments");if(Ge.isCollection(t)||!Ge.isNode(t)&&typeof t==
"object"){let Y="With simple keys, collection cannot be used as a key value";throw new Error(Y)}}let y=!f&&(!t||p&&e==null&&
!n.inFlow||Ge.isCollection(t)||(Ge.isScalar(t)?t.type===Gd.Scalar.BLOCK_FOLDED||t.type===Gd.Scalar.BLOCK_LITERAL:typeof t==
"object"));n=Object.assign({},n,{allNullValues:!1,implicitKey:!y&&(f||!i),indent:a+c});let k=!1,w=!1,g=Yd.stringify(t,n,
()=>k=!0,()=>w=!0);if(!y&&!n.inFlow&&g.length>1024){if(f)throw new Error("With simple keys, single line scalar must not \
span more than 1024 characters");y=!0}if(n.inFlow){if(i||e==null)return k&&r&&r(),g===""?"?":y?`? ${g}`:g}else if(i&&!f||
e==null&&y)return g=`? ${g}`,p&&!k?g+=sr.lineComment(g,n.indent,u(p)):w&&o&&o(),g;k&&(p=null),y?(p&&(g+=sr.lineComment(g,
n.indent,u(p))),g=`? ${g}
${a}:`):(g=`${g}:`,p&&(g+=sr.lineComment(g,n.indent,u(p))));let S,E,_;Ge.isNode(e)?(S=!!e.spaceBefore,E=e.commentBefore,
_=e.comment):(S=!1,E=null,_=null,e&&typeof e=="object"&&(e=s.createNode(e))),n.implicitKey=!1,!y&&!p&&Ge.isScalar(e)&&(n.
indentAtStart=g.length+1),w=!1,!d&&c.length>=2&&!n.inFlow&&!y&&Ge.isSeq(e)&&!e.flow&&!e.tag&&!e.anchor&&(n.indent=n.indent.
substring(2));let v=!1,I=Yd.stringify(e,n,()=>v=!0,()=>w=!0),P=" ";if(p||S||E){if(P=S?`
`:"",E){let Y=u(E);P+=`
${sr.indentComment(Y,n.indent)}`}I===""&&!n.inFlow?P===`
`&&_&&(P=`

`):P+=`
${n.indent}`}else if(!y&&Ge.isCollection(e)){let Y=I[0],C=I.indexOf(`
`),Q=C!==-1,Ze=n.inFlow??e.flow??e.items.length===0;if(Q||!Ze){let Ht=!1;if(Q&&(Y==="&"||Y==="!")){let ne=I.indexOf(" ");
Y==="&"&&ne!==-1&&ne<C&&I[ne+1]==="!"&&(ne=I.indexOf(" ",ne+1)),(ne===-1||C<ne)&&(Ht=!0)}Ht||(P=`
${n.indent}`)}}else(I===""||I[0]===`
`)&&(P="");return g+=P+I,n.inFlow?v&&r&&r():_&&!v?g+=sr.lineComment(g,n.indent,u(_)):w&&o&&o(),g}Wd.stringifyPair=XE});var Aa=x(Ea=>{"use strict";l();var Jd=require("process");function QE(t,...e){t==="debug"&&console.log(...e)}function ZE(t,e){
(t==="debug"||t==="warn")&&(typeof Jd.emitWarning=="function"?Jd.emitWarning(e):console.warn(e))}Ea.debug=QE;Ea.warn=ZE});var ni=x(ti=>{"use strict";l();var ei=U(),zd=te(),Qo="<<",Zo={identify:t=>t===Qo||typeof t=="symbol"&&t.description===Qo,
default:"key",tag:"tag:yaml.org,2002:merge",test:/^<<$/,resolve:()=>Object.assign(new zd.Scalar(Symbol(Qo)),{addToJSMap:Xd}),
stringify:()=>Qo},eA=(t,e)=>(Zo.identify(e)||ei.isScalar(e)&&(!e.type||e.type===zd.Scalar.PLAIN)&&Zo.identify(e.value))&&
t?.doc.schema.tags.some(n=>n.tag===Zo.tag&&n.default);function Xd(t,e,n){let r=Qd(t,n);if(ei.isSeq(r))for(let o of r.items)
Ta(t,e,o);else if(Array.isArray(r))for(let o of r)Ta(t,e,o);else Ta(t,e,r)}function Ta(t,e,n){let r=Qd(t,n);if(!ei.isMap(
r))throw new Error("Merge sources must be maps or map aliases");let o=r.toJSON(null,t,Map);for(let[i,s]of o)e instanceof
Map?e.has(i)||e.set(i,s):e instanceof Set?e.add(i):Object.prototype.hasOwnProperty.call(e,i)||Object.defineProperty(e,i,
{value:s,writable:!0,enumerable:!0,configurable:!0});return e}function Qd(t,e){return t&&ei.isAlias(e)?e.resolve(t.doc,t):
e}ti.addMergeToJSMap=Xd;ti.isMergeKey=eA;ti.merge=Zo});var Oa=x(tp=>{"use strict";l();var tA=Aa(),Zd=ni(),nA=ir(),ep=U(),_a=ut();function rA(t,e,{key:n,value:r}){if(ep.isNode(
n)&&n.addToJSMap)n.addToJSMap(t,e,r);else if(Zd.isMergeKey(t,n))Zd.addMergeToJSMap(t,e,r);else{let o=_a.toJS(n,"",t);if(e instanceof
Map)e.set(o,_a.toJS(r,o,t));else if(e instanceof Set)e.add(o);else{let i=oA(n,o,t),s=_a.toJS(r,i,t);i in e?Object.defineProperty(
e,i,{value:s,writable:!0,enumerable:!0,configurable:!0}):e[i]=s}}return e}function oA(t,e,n){if(e===null)return"";if(typeof e!=
"object")return String(e);if(ep.isNode(t)&&n?.doc){let r=nA.createStringifyContext(n.doc,{});r.anchors=new Set;for(let i of n.
anchors.keys())r.anchors.add(i.anchor);r.inFlow=!0,r.inStringifyKey=!0;let o=t.toString(r);if(!n.mapKeyWarned){let i=JSON.
stringify(o);i.length>40&&(i=i.substring(0,36)+'..."'),tA.warn(n.doc.options.logLevel,`Keys with collection values will \
be stringified due to JS Object restrictions: ${i}. Set mapAsMap: true to use object keys.`),n.mapKeyWarned=!0}return o}
return JSON.stringify(e)}tp.addPairToJSMap=rA});var ht=x(xa=>{"use strict";l();var np=er(),iA=Vd(),sA=Oa(),ri=U();function aA(t,e,n){let r=np.createNode(t,void 0,n),o=np.
createNode(e,void 0,n);return new oi(r,o)}var oi=class t{constructor(e,n=null){Object.defineProperty(this,ri.NODE_TYPE,{
value:ri.PAIR}),this.key=e,this.value=n}clone(e){let{key:n,value:r}=this;return ri.isNode(n)&&(n=n.clone(e)),ri.isNode(r)&&
(r=r.clone(e)),new t(n,r)}toJSON(e,n){let r=n?.mapAsMap?new Map:{};return sA.addPairToJSMap(n,r,this)}toString(e,n,r){return e?.
doc?iA.stringifyPair(this,e,n,r):JSON.stringify(this)}};xa.Pair=oi;xa.createPair=aA});var va=x(op=>{"use strict";l();var Ct=U(),rp=ir(),ii=tr();function cA(t,e,n){return(e.inFlow??t.flow?uA:lA)(t,e,n)}function lA({
comment:t,items:e},n,{blockItemPrefix:r,flowChars:o,itemIndent:i,onChompKeep:s,onComment:a}){let{indent:c,options:{commentString:u}}=n,
d=Object.assign({},n,{indent:i,type:null}),f=!1,p=[];for(let k=0;k<e.length;++k){let w=e[k],g=null;if(Ct.isNode(w))!f&&w.
spaceBefore&&p.push(""),si(n,p,w.commentBefore,f),w.comment&&(g=w.comment);else if(Ct.isPair(w)){let E=Ct.isNode(w.key)?
w.key:null;E&&(!f&&E.spaceBefore&&p.push(""),si(n,p,E.commentBefore,f))}f=!1;let S=rp.stringify(w,d,()=>g=null,()=>f=!0);
g&&(S+=ii.lineComment(S,i,u(g))),f&&g&&(f=!1),p.push(r+S)}let y;if(p.length===0)y=o.start+o.end;else{y=p[0];for(let k=1;k<
p.length;++k){let w=p[k];y+=w?`
${c}${w}`:`
`}}return t?(y+=`
`+ii.indentComment(u(t),c),a&&a()):f&&s&&s(),y}function uA({items:t},e,{flowChars:n,itemIndent:r}){let{indent:o,indentStep:i,
flowCollectionPadding:s,options:{commentString:a}}=e;r+=i;let c=Object.assign({},e,{indent:r,inFlow:!0,type:null}),u=!1,
d=0,f=[];for(let k=0;k<t.length;++k){let w=t[k],g=null;if(Ct.isNode(w))w.spaceBefore&&f.push(""),si(e,f,w.commentBefore,
!1),w.comment&&(g=w.comment);else if(Ct.isPair(w)){let E=Ct.isNode(w.key)?w.key:null;E&&(E.spaceBefore&&f.push(""),si(e,
f,E.commentBefore,!1),E.comment&&(u=!0));let _=Ct.isNode(w.value)?w.value:null;_?(_.comment&&(g=_.comment),_.commentBefore&&
(u=!0)):w.value==null&&E?.comment&&(g=E.comment)}g&&(u=!0);let S=rp.stringify(w,c,()=>g=null);u||(u=f.length>d||S.includes(
`
`)),k<t.length-1?S+=",":e.options.trailingComma&&(e.options.lineWidth>0&&(u||(u=f.reduce((E,_)=>E+_.length+2,2)+(S.length+
2)>e.options.lineWidth)),u&&(S+=",")),g&&(S+=ii.lineComment(S,r,a(g))),f.push(S),d=f.length}let{start:p,end:y}=n;if(f.length===
0)return p+y;if(!u){let k=f.reduce((w,g)=>w+g.length+2,2);u=e.options.lineWidth>0&&k>e.options.lineWidth}if(u){let k=p;for(let w of f)
k+=w?`
${i}${o}${w}`:`
`;return`${k}
${o}${y}`}else return`${p}${s}${f.join(" ")}${s}${y}`}function si({indent:t,options:{commentString:e}},n,r,o){if(r&&o&&(r=
r.replace(/^\n+/,"")),r){let i=ii.indentComment(e(r),t);n.push(i.trimStart())}}op.stringifyCollection=cA});var yt=x(Ca=>{"use strict";l();var fA=va(),dA=Oa(),pA=Yo(),mt=U(),ai=ht(),hA=te();function ar(t,e){let n=mt.isScalar(e)?
e.value:e;for(let r of t)if(mt.isPair(r)&&(r.key===e||r.key===n||mt.isScalar(r.key)&&r.key.value===n))return r}var Ra=class extends pA.
Collection{static get tagName(){return"tag:yaml.org,2002:map"}constructor(e){super(mt.MAP,e),this.items=[]}static from(e,n,r){
let{keepUndefined:o,replacer:i}=r,s=new this(e),a=(c,u)=>{if(typeof i=="function")u=i.call(n,c,u);else if(Array.isArray(
i)&&!i.includes(c))return;(u!==void 0||o)&&s.items.push(ai.createPair(c,u,r))};if(n instanceof Map)for(let[c,u]of n)a(c,
u);else if(n&&typeof n=="object")for(let c of Object.keys(n))a(c,n[c]);return typeof e.sortMapEntries=="function"&&s.items.
sort(e.sortMapEntries),s}add(e,n){let r;mt.isPair(e)?r=e:!e||typeof e!="object"||!("key"in e)?r=new ai.Pair(e,e?.value):
r=new ai.Pair(e.key,e.value);let o=ar(this.items,r.key),i=this.schema?.sortMapEntries;if(o){if(!n)throw new Error(`Key ${r.
key} already set`);mt.isScalar(o.value)&&hA.isScalarValue(r.value)?o.value.value=r.value:o.value=r.value}else if(i){let s=this.
items.findIndex(a=>i(r,a)<0);s===-1?this.items.push(r):this.items.splice(s,0,r)}else this.items.push(r)}delete(e){let n=ar(
this.items,e);return n?this.items.splice(this.items.indexOf(n),1).length>0:!1}get(e,n){let o=ar(this.items,e)?.value;return(!n&&
mt.isScalar(o)?o.value:o)??void 0}has(e){return!!ar(this.items,e)}set(e,n){this.add(new ai.Pair(e,n),!0)}toJSON(e,n,r){let o=r?
new r:n?.mapAsMap?new Map:{};n?.onCreate&&n.onCreate(o);for(let i of this.items)dA.addPairToJSMap(n,o,i);return o}toString(e,n,r){
if(!e)return JSON.stringify(this);for(let o of this.items)if(!mt.isPair(o))throw new Error(`Map items must all be pairs;\
 found ${JSON.stringify(o)} instead`);return!e.allNullValues&&this.hasAllNullValues(!1)&&(e=Object.assign({},e,{allNullValues:!0})),
fA.stringifyCollection(this,e,{blockItemPrefix:"",flowChars:{start:"{",end:"}"},itemIndent:e.indent||"",onChompKeep:r,onComment:n})}};
Ca.YAMLMap=Ra;Ca.findPair=ar});var an=x(sp=>{"use strict";l();var mA=U(),ip=yt(),yA={collection:"map",default:!0,nodeClass:ip.YAMLMap,tag:"tag:yaml.org\
,2002:map",resolve(t,e){return mA.isMap(t)||e("Expected a mapping for this tag"),t},createNode:(t,e,n)=>ip.YAMLMap.from(
t,e,n)};sp.map=yA});var gt=x(ap=>{"use strict";l();var gA=er(),wA=va(),bA=Yo(),li=U(),SA=te(),kA=ut(),Ia=class extends bA.Collection{static get tagName(){
return"tag:yaml.org,2002:seq"}constructor(e){super(li.SEQ,e),this.items=[]}add(e){this.items.push(e)}delete(e){let n=ci(
e);return typeof n!="number"?!1:this.items.splice(n,1).length>0}get(e,n){let r=ci(e);if(typeof r!="number")return;let o=this.
items[r];return!n&&li.isScalar(o)?o.value:o}has(e){let n=ci(e);return typeof n=="number"&&n<this.items.length}set(e,n){let r=ci(
e);if(typeof r!="number")throw new Error(`Expected a valid index, not ${e}.`);let o=this.items[r];li.isScalar(o)&&SA.isScalarValue(
n)?o.value=n:this.items[r]=n}toJSON(e,n){let r=[];n?.onCreate&&n.onCreate(r);let o=0;for(let i of this.items)r.push(kA.toJS(
i,String(o++),n));return r}toString(e,n,r){return e?wA.stringifyCollection(this,e,{blockItemPrefix:"- ",flowChars:{start:"\
[",end:"]"},itemIndent:(e.indent||"")+"  ",onChompKeep:r,onComment:n}):JSON.stringify(this)}static from(e,n,r){let{replacer:o}=r,
i=new this(e);if(n&&Symbol.iterator in Object(n)){let s=0;for(let a of n){if(typeof o=="function"){let c=n instanceof Set?
a:String(s++);a=o.call(n,c,a)}i.items.push(gA.createNode(a,void 0,r))}}return i}};function ci(t){let e=li.isScalar(t)?t.
value:t;return e&&typeof e=="string"&&(e=Number(e)),typeof e=="number"&&Number.isInteger(e)&&e>=0?e:null}ap.YAMLSeq=Ia});var cn=x(lp=>{"use strict";l();var EA=U(),cp=gt(),AA={collection:"seq",default:!0,nodeClass:cp.YAMLSeq,tag:"tag:yaml.org\
,2002:seq",resolve(t,e){return EA.isSeq(t)||e("Expected a sequence for this tag"),t},createNode:(t,e,n)=>cp.YAMLSeq.from(
t,e,n)};lp.seq=AA});var cr=x(up=>{"use strict";l();var TA=or(),_A={identify:t=>typeof t=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:t=>t,
stringify(t,e,n,r){return e=Object.assign({actualString:!0},e),TA.stringifyString(t,e,n,r)}};up.string=_A});var ui=x(pp=>{"use strict";l();var fp=te(),dp={identify:t=>t==null,createNode:()=>new fp.Scalar(null),default:!0,tag:"ta\
g:yaml.org,2002:null",test:/^(?:~|[Nn]ull|NULL)?$/,resolve:()=>new fp.Scalar(null),stringify:({source:t},e)=>typeof t=="\
string"&&dp.test.test(t)?t:e.options.nullStr};pp.nullTag=dp});var Na=x(mp=>{"use strict";l();var OA=te(),hp={identify:t=>typeof t=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
resolve:t=>new OA.Scalar(t[0]==="t"||t[0]==="T"),stringify({source:t,value:e},n){if(t&&hp.test.test(t)){let r=t[0]==="t"||
t[0]==="T";if(e===r)return t}return e?n.options.trueStr:n.options.falseStr}};mp.boolTag=hp});var ln=x(yp=>{"use strict";l();function xA({format:t,minFractionDigits:e,tag:n,value:r}){if(typeof r=="bigint")return String(
r);let o=typeof r=="number"?r:Number(r);if(!isFinite(o))return isNaN(o)?".nan":o<0?"-.inf":".inf";let i=Object.is(r,-0)?
"-0":JSON.stringify(r);if(!t&&e&&(!n||n==="tag:yaml.org,2002:float")&&/^-?\d/.test(i)&&!i.includes("e")){let s=i.indexOf(
".");s<0&&(s=i.length,i+=".");let a=e-(i.length-s-1);for(;a-- >0;)i+="0"}return i}yp.stringifyNumber=xA});var $a=x(fi=>{"use strict";l();var vA=te(),Pa=ln(),RA={identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:\
float",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:t=>t.slice(-3).toLowerCase()==="nan"?NaN:t[0]==="-"?
Number.NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:Pa.stringifyNumber},CA={identify:t=>typeof t=="number",default:!0,
tag:"tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,resolve:t=>parseFloat(
t),stringify(t){let e=Number(t.value);return isFinite(e)?e.toExponential():Pa.stringifyNumber(t)}},IA={identify:t=>typeof t==
"number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,resolve(t){let e=new vA.Scalar(
parseFloat(t)),n=t.indexOf(".");return n!==-1&&t[t.length-1]==="0"&&(e.minFractionDigits=t.length-n-1),e},stringify:Pa.stringifyNumber};
fi.float=IA;fi.floatExp=CA;fi.floatNaN=RA});var Ma=x(pi=>{"use strict";l();var gp=ln(),di=t=>typeof t=="bigint"||Number.isInteger(t),La=(t,e,n,{intAsBigInt:r})=>r?BigInt(
t):parseInt(t.substring(e),n);function wp(t,e,n){let{value:r}=t;return di(r)&&r>=0?n+r.toString(e):gp.stringifyNumber(t)}
var NA={identify:t=>di(t)&&t>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^0o[0-7]+$/,resolve:(t,e,n)=>La(
t,2,8,n),stringify:t=>wp(t,8,"0o")},PA={identify:di,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9]+$/,resolve:(t,e,n)=>La(
t,0,10,n),stringify:gp.stringifyNumber},$A={identify:t=>di(t)&&t>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"HEX",
test:/^0x[0-9a-fA-F]+$/,resolve:(t,e,n)=>La(t,2,16,n),stringify:t=>wp(t,16,"0x")};pi.int=PA;pi.intHex=$A;pi.intOct=NA});var Sp=x(bp=>{"use strict";l();var LA=an(),MA=ui(),jA=cn(),DA=cr(),qA=Na(),ja=$a(),Da=Ma(),UA=[LA.map,jA.seq,DA.string,MA.
nullTag,qA.boolTag,Da.intOct,Da.int,Da.intHex,ja.floatNaN,ja.floatExp,ja.float];bp.schema=UA});var Ap=x(Ep=>{"use strict";l();var FA=te(),BA=an(),KA=cn();function kp(t){return typeof t=="bigint"||Number.isInteger(t)}
var hi=({value:t})=>JSON.stringify(t),HA=[{identify:t=>typeof t=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:t=>t,
stringify:hi},{identify:t=>t==null,createNode:()=>new FA.Scalar(null),default:!0,tag:"tag:yaml.org,2002:null",test:/^null$/,
resolve:()=>null,stringify:hi},{identify:t=>typeof t=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^true$|^false$/,
resolve:t=>t==="true",stringify:hi},{identify:kp,default:!0,tag:"tag:yaml.org,2002:int",test:/^-?(?:0|[1-9][0-9]*)$/,resolve:(t,e,{
intAsBigInt:n})=>n?BigInt(t):parseInt(t,10),stringify:({value:t})=>kp(t)?t.toString():JSON.stringify(t)},{identify:t=>typeof t==
"number",default:!0,tag:"tag:yaml.org,2002:float",test:/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,resolve:t=>parseFloat(
t),stringify:hi}],GA={default:!0,tag:"",test:/^/,resolve(t,e){return e(`Unresolved plain scalar ${JSON.stringify(t)}`),t}},
YA=[BA.map,KA.seq].concat(HA,GA);Ep.schema=YA});var Ua=x(Tp=>{"use strict";l();var lr=require("buffer"),qa=te(),WA=or(),VA={identify:t=>t instanceof Uint8Array,default:!1,
tag:"tag:yaml.org,2002:binary",resolve(t,e){if(typeof lr.Buffer=="function")return lr.Buffer.from(t,"base64");if(typeof atob==
"function"){let n=atob(t.replace(/[\n\r]/g,"")),r=new Uint8Array(n.length);for(let o=0;o<n.length;++o)r[o]=n.charCodeAt(
o);return r}else return e("This environment does not support reading binary tags; either Buffer or atob is required"),t},
stringify({comment:t,type:e,value:n},r,o,i){if(!n)return"";let s=n,a;if(typeof lr.Buffer=="function")a=s instanceof lr.Buffer?
s.toString("base64"):lr.Buffer.from(s.buffer).toString("base64");else if(typeof btoa=="function"){let c="";for(let u=0;u<
s.length;++u)c+=String.fromCharCode(s[u]);a=btoa(c)}else throw new Error("This environment does not support writing bina\
ry tags; either Buffer or btoa is required");if(e??(e=qa.Scalar.BLOCK_LITERAL),e!==qa.Scalar.QUOTE_DOUBLE){let c=Math.max(
r.options.lineWidth-r.indent.length,r.options.minContentWidth),u=Math.ceil(a.length/c),d=new Array(u);for(let f=0,p=0;f<
u;++f,p+=c)d[f]=a.substr(p,c);a=d.join(e===qa.Scalar.BLOCK_LITERAL?`
`:" ")}return WA.stringifyString({comment:t,type:e,value:a},r,o,i)}};Tp.binary=VA});var gi=x(yi=>{"use strict";l();var mi=U(),Fa=ht(),JA=te(),zA=gt();function _p(t,e){if(mi.isSeq(t))for(let n=0;n<t.items.
length;++n){let r=t.items[n];if(!mi.isPair(r)){if(mi.isMap(r)){r.items.length>1&&e("Each pair must have its own sequence\
 indicator");let o=r.items[0]||new Fa.Pair(new JA.Scalar(null));if(r.commentBefore&&(o.key.commentBefore=o.key.commentBefore?
`${r.commentBefore}
${o.key.commentBefore}`:r.commentBefore),r.comment){let i=o.value??o.key;i.comment=i.comment?`${r.comment}
${i.comment}`:r.comment}r=o}t.items[n]=mi.isPair(r)?r:new Fa.Pair(r)}}else e("Expected a sequence for this tag");return t}
function Op(t,e,n){let{replacer:r}=n,o=new zA.YAMLSeq(t);o.tag="tag:yaml.org,2002:pairs";let i=0;if(e&&Symbol.iterator in
Object(e))for(let s of e){typeof r=="function"&&(s=r.call(e,String(i++),s));let a,c;if(Array.isArray(s))if(s.length===2)
a=s[0],c=s[1];else throw new TypeError(`Expected [key, value] tuple: ${s}`);else if(s&&s instanceof Object){let u=Object.
keys(s);if(u.length===1)a=u[0],c=s[a];else throw new TypeError(`Expected tuple with one key, not ${u.length} keys`)}else
a=s;o.items.push(Fa.createPair(a,c,n))}return o}var XA={collection:"seq",default:!1,tag:"tag:yaml.org,2002:pairs",resolve:_p,
createNode:Op};yi.createPairs=Op;yi.pairs=XA;yi.resolvePairs=_p});var Ha=x(Ka=>{"use strict";l();var xp=U(),Ba=ut(),ur=yt(),QA=gt(),vp=gi(),It=class t extends QA.YAMLSeq{constructor(){super(),
this.add=ur.YAMLMap.prototype.add.bind(this),this.delete=ur.YAMLMap.prototype.delete.bind(this),this.get=ur.YAMLMap.prototype.
get.bind(this),this.has=ur.YAMLMap.prototype.has.bind(this),this.set=ur.YAMLMap.prototype.set.bind(this),this.tag=t.tag}toJSON(e,n){
if(!n)return super.toJSON(e);let r=new Map;n?.onCreate&&n.onCreate(r);for(let o of this.items){let i,s;if(xp.isPair(o)?(i=
Ba.toJS(o.key,"",n),s=Ba.toJS(o.value,i,n)):i=Ba.toJS(o,"",n),r.has(i))throw new Error("Ordered maps must not include du\
plicate keys");r.set(i,s)}return r}static from(e,n,r){let o=vp.createPairs(e,n,r),i=new this;return i.items=o.items,i}};
It.tag="tag:yaml.org,2002:omap";var ZA={collection:"seq",identify:t=>t instanceof Map,nodeClass:It,default:!1,tag:"tag:y\
aml.org,2002:omap",resolve(t,e){let n=vp.resolvePairs(t,e),r=[];for(let{key:o}of n.items)xp.isScalar(o)&&(r.includes(o.value)?
e(`Ordered maps must not include duplicate keys: ${o.value}`):r.push(o.value));return Object.assign(new It,n)},createNode:(t,e,n)=>It.
from(t,e,n)};Ka.YAMLOMap=It;Ka.omap=ZA});var Pp=x(Ga=>{"use strict";l();var Rp=te();function Cp({value:t,source:e},n){return e&&(t?Ip:Np).test.test(e)?e:t?n.options.
trueStr:n.options.falseStr}var Ip={identify:t=>t===!0,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
resolve:()=>new Rp.Scalar(!0),stringify:Cp},Np={identify:t=>t===!1,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
resolve:()=>new Rp.Scalar(!1),stringify:Cp};Ga.falseTag=Np;Ga.trueTag=Ip});var $p=x(wi=>{"use strict";l();var eT=te(),Ya=ln(),tT={identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:\
float",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:t=>t.slice(-3).toLowerCase()==="nan"?NaN:t[0]==="-"?
Number.NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:Ya.stringifyNumber},nT={identify:t=>typeof t=="number",default:!0,
tag:"tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,resolve:t=>parseFloat(
t.replace(/_/g,"")),stringify(t){let e=Number(t.value);return isFinite(e)?e.toExponential():Ya.stringifyNumber(t)}},rT={
identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,resolve(t){
let e=new eT.Scalar(parseFloat(t.replace(/_/g,""))),n=t.indexOf(".");if(n!==-1){let r=t.substring(n+1).replace(/_/g,"");
r[r.length-1]==="0"&&(e.minFractionDigits=r.length)}return e},stringify:Ya.stringifyNumber};wi.float=rT;wi.floatExp=nT;wi.
floatNaN=tT});var Mp=x(dr=>{"use strict";l();var Lp=ln(),fr=t=>typeof t=="bigint"||Number.isInteger(t);function bi(t,e,n,{intAsBigInt:r}){
let o=t[0];if((o==="-"||o==="+")&&(e+=1),t=t.substring(e).replace(/_/g,""),r){switch(n){case 2:t=`0b${t}`;break;case 8:t=
`0o${t}`;break;case 16:t=`0x${t}`;break}let s=BigInt(t);return o==="-"?BigInt(-1)*s:s}let i=parseInt(t,n);return o==="-"?
-1*i:i}function Wa(t,e,n){let{value:r}=t;if(fr(r)){let o=r.toString(e);return r<0?"-"+n+o.substr(1):n+o}return Lp.stringifyNumber(
t)}var oT={identify:fr,default:!0,tag:"tag:yaml.org,2002:int",format:"BIN",test:/^[-+]?0b[0-1_]+$/,resolve:(t,e,n)=>bi(t,
2,2,n),stringify:t=>Wa(t,2,"0b")},iT={identify:fr,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^[-+]?0[0-7_]+$/,
resolve:(t,e,n)=>bi(t,1,8,n),stringify:t=>Wa(t,8,"0")},sT={identify:fr,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9][0-9_]*$/,
resolve:(t,e,n)=>bi(t,0,10,n),stringify:Lp.stringifyNumber},aT={identify:fr,default:!0,tag:"tag:yaml.org,2002:int",format:"\
HEX",test:/^[-+]?0x[0-9a-fA-F_]+$/,resolve:(t,e,n)=>bi(t,2,16,n),stringify:t=>Wa(t,16,"0x")};dr.int=sT;dr.intBin=oT;dr.intHex=
aT;dr.intOct=iT});var Ja=x(Va=>{"use strict";l();var Ei=U(),Si=ht(),ki=yt(),Nt=class t extends ki.YAMLMap{constructor(e){super(e),this.tag=
t.tag}add(e){let n;Ei.isPair(e)?n=e:e&&typeof e=="object"&&"key"in e&&"value"in e&&e.value===null?n=new Si.Pair(e.key,null):
n=new Si.Pair(e,null),ki.findPair(this.items,n.key)||this.items.push(n)}get(e,n){let r=ki.findPair(this.items,e);return!n&&
Ei.isPair(r)?Ei.isScalar(r.key)?r.key.value:r.key:r}set(e,n){if(typeof n!="boolean")throw new Error(`Expected boolean va\
lue for set(key, value) in a YAML set, not ${typeof n}`);let r=ki.findPair(this.items,e);r&&!n?this.items.splice(this.items.
indexOf(r),1):!r&&n&&this.items.push(new Si.Pair(e))}toJSON(e,n){return super.toJSON(e,n,Set)}toString(e,n,r){if(!e)return JSON.
stringify(this);if(this.hasAllNullValues(!0))return super.toString(Object.assign({},e,{allNullValues:!0}),n,r);throw new Error(
"Set items must all have null values")}static from(e,n,r){let{replacer:o}=r,i=new this(e);if(n&&Symbol.iterator in Object(
n))for(let s of n)typeof o=="function"&&(s=o.call(n,s,s)),i.items.push(Si.createPair(s,null,r));return i}};Nt.tag="tag:y\
aml.org,2002:set";var cT={collection:"map",identify:t=>t instanceof Set,nodeClass:Nt,default:!1,tag:"tag:yaml.org,2002:s\
et",createNode:(t,e,n)=>Nt.from(t,e,n),resolve(t,e){if(Ei.isMap(t)){if(t.hasAllNullValues(!0))return Object.assign(new Nt,
t);e("Set items must all have null values")}else e("Expected a mapping for this tag");return t}};Va.YAMLSet=Nt;Va.set=cT});var Xa=x(Ai=>{"use strict";l();var lT=ln();function za(t,e){let n=t[0],r=n==="-"||n==="+"?t.substring(1):t,o=s=>e?BigInt(
s):Number(s),i=r.replace(/_/g,"").split(":").reduce((s,a)=>s*o(60)+o(a),o(0));return n==="-"?o(-1)*i:i}function jp(t){let{
value:e}=t,n=s=>s;if(typeof e=="bigint")n=s=>BigInt(s);else if(isNaN(e)||!isFinite(e))return lT.stringifyNumber(t);let r="";
e<0&&(r="-",e*=n(-1));let o=n(60),i=[e%o];return e<60?i.unshift(0):(e=(e-i[0])/o,i.unshift(e%o),e>=60&&(e=(e-i[0])/o,i.unshift(
e))),r+i.map(s=>String(s).padStart(2,"0")).join(":").replace(/000000\d*$/,"")}var uT={identify:t=>typeof t=="bigint"||Number.
isInteger(t),default:!0,tag:"tag:yaml.org,2002:int",format:"TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,resolve:(t,e,{
intAsBigInt:n})=>za(t,n),stringify:jp},fT={identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:float",format:"\
TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,resolve:t=>za(t,!1),stringify:jp},Dp={identify:t=>t instanceof
Date,default:!0,tag:"tag:yaml.org,2002:timestamp",test:RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0\
-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),resolve(t){let e=t.match(
Dp.test);if(!e)throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");let[,n,r,o,i,s,a]=e.map(Number),c=e[7]?
Number((e[7]+"00").substr(1,3)):0,u=Date.UTC(n,r-1,o,i||0,s||0,a||0,c),d=e[8];if(d&&d!=="Z"){let f=za(d,!1);Math.abs(f)<
30&&(f*=60),u-=6e4*f}return new Date(u)},stringify:({value:t})=>t?.toISOString().replace(/(T00:00:00)?\.000Z$/,"")??""};
Ai.floatTime=fT;Ai.intTime=uT;Ai.timestamp=Dp});var Fp=x(Up=>{"use strict";l();var dT=an(),pT=ui(),hT=cn(),mT=cr(),yT=Ua(),qp=Pp(),Qa=$p(),Ti=Mp(),gT=ni(),wT=Ha(),bT=gi(),
ST=Ja(),Za=Xa(),kT=[dT.map,hT.seq,mT.string,pT.nullTag,qp.trueTag,qp.falseTag,Ti.intBin,Ti.intOct,Ti.int,Ti.intHex,Qa.floatNaN,
Qa.floatExp,Qa.float,yT.binary,gT.merge,wT.omap,bT.pairs,ST.set,Za.intTime,Za.floatTime,Za.timestamp];Up.schema=kT});var Xp=x(nc=>{"use strict";l();var Gp=an(),ET=ui(),Yp=cn(),AT=cr(),TT=Na(),ec=$a(),tc=Ma(),_T=Sp(),OT=Ap(),Wp=Ua(),pr=ni(),
Vp=Ha(),Jp=gi(),Bp=Fp(),zp=Ja(),_i=Xa(),Kp=new Map([["core",_T.schema],["failsafe",[Gp.map,Yp.seq,AT.string]],["json",OT.
schema],["yaml11",Bp.schema],["yaml-1.1",Bp.schema]]),Hp={binary:Wp.binary,bool:TT.boolTag,float:ec.float,floatExp:ec.floatExp,
floatNaN:ec.floatNaN,floatTime:_i.floatTime,int:tc.int,intHex:tc.intHex,intOct:tc.intOct,intTime:_i.intTime,map:Gp.map,merge:pr.
merge,null:ET.nullTag,omap:Vp.omap,pairs:Jp.pairs,seq:Yp.seq,set:zp.set,timestamp:_i.timestamp},xT={"tag:yaml.org,2002:b\
inary":Wp.binary,"tag:yaml.org,2002:merge":pr.merge,"tag:yaml.org,2002:omap":Vp.omap,"tag:yaml.org,2002:pairs":Jp.pairs,
"tag:yaml.org,2002:set":zp.set,"tag:yaml.org,2002:timestamp":_i.timestamp};function vT(t,e,n){let r=Kp.get(e);if(r&&!t)return n&&
!r.includes(pr.merge)?r.concat(pr.merge):r.slice();let o=r;if(!o)if(Array.isArray(t))o=[];else{let i=Array.from(Kp.keys()).
filter(s=>s!=="yaml11").map(s=>JSON.stringify(s)).join(", ");throw new Error(`Unknown schema "${e}"; use one of ${i} or \
define customTags array`)}if(Array.isArray(t))for(let i of t)o=o.concat(i);else typeof t=="function"&&(o=t(o.slice()));return n&&
(o=o.concat(pr.merge)),o.reduce((i,s)=>{let a=typeof s=="string"?Hp[s]:s;if(!a){let c=JSON.stringify(s),u=Object.keys(Hp).
map(d=>JSON.stringify(d)).join(", ");throw new Error(`Unknown custom tag ${c}; use one of ${u}`)}return i.includes(a)||i.
push(a),i},[])}nc.coreKnownTags=xT;nc.getTags=vT});var ic=x(Qp=>{"use strict";l();var rc=U(),RT=an(),CT=cn(),IT=cr(),Oi=Xp(),NT=(t,e)=>t.key<e.key?-1:t.key>e.key?1:0,oc=class t{constructor({
compat:e,customTags:n,merge:r,resolveKnownTags:o,schema:i,sortMapEntries:s,toStringDefaults:a}){this.compat=Array.isArray(
e)?Oi.getTags(e,"compat"):e?Oi.getTags(null,e):null,this.name=typeof i=="string"&&i||"core",this.knownTags=o?Oi.coreKnownTags:
{},this.tags=Oi.getTags(n,this.name,r),this.toStringOptions=a??null,Object.defineProperty(this,rc.MAP,{value:RT.map}),Object.
defineProperty(this,rc.SCALAR,{value:IT.string}),Object.defineProperty(this,rc.SEQ,{value:CT.seq}),this.sortMapEntries=typeof s==
"function"?s:s===!0?NT:null}clone(){let e=Object.create(t.prototype,Object.getOwnPropertyDescriptors(this));return e.tags=
this.tags.slice(),e}};Qp.Schema=oc});var eh=x(Zp=>{"use strict";l();var PT=U(),sc=ir(),hr=tr();function $T(t,e){let n=[],r=e.directives===!0;if(e.directives!==
!1&&t.directives){let c=t.directives.toString(t);c?(n.push(c),r=!0):t.directives.docStart&&(r=!0)}r&&n.push("---");let o=sc.
createStringifyContext(t,e),{commentString:i}=o.options;if(t.commentBefore){n.length!==1&&n.unshift("");let c=i(t.commentBefore);
n.unshift(hr.indentComment(c,""))}let s=!1,a=null;if(t.contents){if(PT.isNode(t.contents)){if(t.contents.spaceBefore&&r&&
n.push(""),t.contents.commentBefore){let d=i(t.contents.commentBefore);n.push(hr.indentComment(d,""))}o.forceBlockIndent=
!!t.comment,a=t.contents.comment}let c=a?void 0:()=>s=!0,u=sc.stringify(t.contents,o,()=>a=null,c);a&&(u+=hr.lineComment(
u,"",i(a))),(u[0]==="|"||u[0]===">")&&n[n.length-1]==="---"?n[n.length-1]=`--- ${u}`:n.push(u)}else n.push(sc.stringify(
t.contents,o));if(t.directives?.docEnd)if(t.comment){let c=i(t.comment);c.includes(`
`)?(n.push("..."),n.push(hr.indentComment(c,""))):n.push(`... ${c}`)}else n.push("...");else{let c=t.comment;c&&s&&(c=c.
replace(/^\n+/,"")),c&&((!s||a)&&n[n.length-1]!==""&&n.push(""),n.push(hr.indentComment(i(c),"")))}return n.join(`
`)+`
`}Zp.stringifyDocument=$T});var mr=x(th=>{"use strict";l();var LT=Zn(),un=Yo(),_e=U(),MT=ht(),jT=ut(),DT=ic(),qT=eh(),ac=Bo(),UT=fa(),FT=er(),cc=ua(),
lc=class t{constructor(e,n,r){this.commentBefore=null,this.comment=null,this.errors=[],this.warnings=[],Object.defineProperty(
this,_e.NODE_TYPE,{value:_e.DOC});let o=null;typeof n=="function"||Array.isArray(n)?o=n:r===void 0&&n&&(r=n,n=void 0);let i=Object.
assign({intAsBigInt:!1,keepSourceTokens:!1,logLevel:"warn",prettyErrors:!0,strict:!0,stringKeys:!1,uniqueKeys:!0,version:"\
1.2"},r);this.options=i;let{version:s}=i;r?._directives?(this.directives=r._directives.atDocument(),this.directives.yaml.
explicit&&(s=this.directives.yaml.version)):this.directives=new cc.Directives({version:s}),this.setSchema(s,r),this.contents=
e===void 0?null:this.createNode(e,o,r)}clone(){let e=Object.create(t.prototype,{[_e.NODE_TYPE]:{value:_e.DOC}});return e.
commentBefore=this.commentBefore,e.comment=this.comment,e.errors=this.errors.slice(),e.warnings=this.warnings.slice(),e.
options=Object.assign({},this.options),this.directives&&(e.directives=this.directives.clone()),e.schema=this.schema.clone(),
e.contents=_e.isNode(this.contents)?this.contents.clone(e.schema):this.contents,this.range&&(e.range=this.range.slice()),
e}add(e){fn(this.contents)&&this.contents.add(e)}addIn(e,n){fn(this.contents)&&this.contents.addIn(e,n)}createAlias(e,n){
if(!e.anchor){let r=ac.anchorNames(this);e.anchor=!n||r.has(n)?ac.findNewAnchor(n||"a",r):n}return new LT.Alias(e.anchor)}createNode(e,n,r){
let o;if(typeof n=="function")e=n.call({"":e},"",e),o=n;else if(Array.isArray(n)){let g=E=>typeof E=="number"||E instanceof
String||E instanceof Number,S=n.filter(g).map(String);S.length>0&&(n=n.concat(S)),o=n}else r===void 0&&n&&(r=n,n=void 0);
let{aliasDuplicateObjects:i,anchorPrefix:s,flow:a,keepUndefined:c,onTagObj:u,tag:d}=r??{},{onAnchor:f,setAnchors:p,sourceObjects:y}=ac.
createNodeAnchors(this,s||"a"),k={aliasDuplicateObjects:i??!0,keepUndefined:c??!1,onAnchor:f,onTagObj:u,replacer:o,schema:this.
schema,sourceObjects:y},w=FT.createNode(e,d,k);return a&&_e.isCollection(w)&&(w.flow=!0),p(),w}createPair(e,n,r={}){let o=this.
createNode(e,null,r),i=this.createNode(n,null,r);return new MT.Pair(o,i)}delete(e){return fn(this.contents)?this.contents.
delete(e):!1}deleteIn(e){return un.isEmptyPath(e)?this.contents==null?!1:(this.contents=null,!0):fn(this.contents)?this.
contents.deleteIn(e):!1}get(e,n){return _e.isCollection(this.contents)?this.contents.get(e,n):void 0}getIn(e,n){return un.
isEmptyPath(e)?!n&&_e.isScalar(this.contents)?this.contents.value:this.contents:_e.isCollection(this.contents)?this.contents.
getIn(e,n):void 0}has(e){return _e.isCollection(this.contents)?this.contents.has(e):!1}hasIn(e){return un.isEmptyPath(e)?
this.contents!==void 0:_e.isCollection(this.contents)?this.contents.hasIn(e):!1}set(e,n){this.contents==null?this.contents=
un.collectionFromPath(this.schema,[e],n):fn(this.contents)&&this.contents.set(e,n)}setIn(e,n){un.isEmptyPath(e)?this.contents=
n:this.contents==null?this.contents=un.collectionFromPath(this.schema,Array.from(e),n):fn(this.contents)&&this.contents.
setIn(e,n)}setSchema(e,n={}){typeof e=="number"&&(e=String(e));let r;switch(e){case"1.1":this.directives?this.directives.
yaml.version="1.1":this.directives=new cc.Directives({version:"1.1"}),r={resolveKnownTags:!1,schema:"yaml-1.1"};break;case"\
1.2":case"next":this.directives?this.directives.yaml.version=e:this.directives=new cc.Directives({version:e}),r={resolveKnownTags:!0,
schema:"core"};break;case null:this.directives&&delete this.directives,r=null;break;default:{let o=JSON.stringify(e);throw new Error(
`Expected '1.1', '1.2' or null as first argument, but found: ${o}`)}}if(n.schema instanceof Object)this.schema=n.schema;else if(r)
this.schema=new DT.Schema(Object.assign(r,n));else throw new Error("With a null YAML version, the { schema: Schema } opt\
ion is required")}toJS({json:e,jsonArg:n,mapAsMap:r,maxAliasCount:o,onAnchor:i,reviver:s}={}){let a={anchors:new Map,doc:this,
keep:!e,mapAsMap:r===!0,mapKeyWarned:!1,maxAliasCount:typeof o=="number"?o:100},c=jT.toJS(this.contents,n??"",a);if(typeof i==
"function")for(let{count:u,res:d}of a.anchors.values())i(d,u);return typeof s=="function"?UT.applyReviver(s,{"":c},"",c):
c}toJSON(e,n){return this.toJS({json:!0,jsonArg:e,mapAsMap:!1,onAnchor:n})}toString(e={}){if(this.errors.length>0)throw new Error(
"Document with errors cannot be stringified");if("indent"in e&&(!Number.isInteger(e.indent)||Number(e.indent)<=0)){let n=JSON.
stringify(e.indent);throw new Error(`"indent" option must be a positive integer, not ${n}`)}return qT.stringifyDocument(
this,e)}};function fn(t){if(_e.isCollection(t))return!0;throw new Error("Expected a YAML collection as document contents")}
th.Document=lc});var wr=x(gr=>{"use strict";l();var yr=class extends Error{constructor(e,n,r,o){super(),this.name=e,this.code=r,this.message=
o,this.pos=n}},uc=class extends yr{constructor(e,n,r){super("YAMLParseError",e,n,r)}},fc=class extends yr{constructor(e,n,r){
super("YAMLWarning",e,n,r)}},BT=(t,e)=>n=>{if(n.pos[0]===-1)return;n.linePos=n.pos.map(a=>e.linePos(a));let{line:r,col:o}=n.
linePos[0];n.message+=` at line ${r}, column ${o}`;let i=o-1,s=t.substring(e.lineStarts[r-1],e.lineStarts[r]).replace(/[\n\r]+$/,
"");if(i>=60&&s.length>80){let a=Math.min(i-39,s.length-79);s="\u2026"+s.substring(a),i-=a-1}if(s.length>80&&(s=s.substring(
0,79)+"\u2026"),r>1&&/^ *$/.test(s.substring(0,i))){let a=t.substring(e.lineStarts[r-2],e.lineStarts[r-1]);a.length>80&&
(a=a.substring(0,79)+`\u2026
`),s=a+s}if(/[^ ]/.test(s)){let a=1,c=n.linePos[1];c?.line===r&&c.col>o&&(a=Math.max(1,Math.min(c.col-o,80-i)));let u=" ".
repeat(i)+"^".repeat(a);n.message+=`:

${s}
${u}
`}};gr.YAMLError=yr;gr.YAMLParseError=uc;gr.YAMLWarning=fc;gr.prettifyError=BT});var br=x(nh=>{"use strict";l();function KT(t,{flow:e,indicator:n,next:r,offset:o,onError:i,parentIndent:s,startOnNewline:a}){
let c=!1,u=a,d=a,f="",p="",y=!1,k=!1,w=null,g=null,S=null,E=null,_=null,v=null,I=null;for(let C of t)switch(k&&(C.type!==
"space"&&C.type!=="newline"&&C.type!=="comma"&&i(C.offset,"MISSING_CHAR","Tags and anchors must be separated from the ne\
xt token by white space"),k=!1),w&&(u&&C.type!=="comment"&&C.type!=="newline"&&i(w,"TAB_AS_INDENT","Tabs are not allowed\
 as indentation"),w=null),C.type){case"space":!e&&(n!=="doc-start"||r?.type!=="flow-collection")&&C.source.includes("	")&&
(w=C),d=!0;break;case"comment":{d||i(C,"MISSING_CHAR","Comments must be separated from other tokens by white space chara\
cters");let Q=C.source.substring(1)||" ";f?f+=p+Q:f=Q,p="",u=!1;break}case"newline":u?f?f+=C.source:(!v||n!=="seq-item-i\
nd")&&(c=!0):p+=C.source,u=!0,y=!0,(g||S)&&(E=C),d=!0;break;case"anchor":g&&i(C,"MULTIPLE_ANCHORS","A node can have at m\
ost one anchor"),C.source.endsWith(":")&&i(C.offset+C.source.length-1,"BAD_ALIAS","Anchor ending in : is ambiguous",!0),
g=C,I??(I=C.offset),u=!1,d=!1,k=!0;break;case"tag":{S&&i(C,"MULTIPLE_TAGS","A node can have at most one tag"),S=C,I??(I=
C.offset),u=!1,d=!1,k=!0;break}case n:(g||S)&&i(C,"BAD_PROP_ORDER",`Anchors and tags must be after the ${C.source} indic\
ator`),v&&i(C,"UNEXPECTED_TOKEN",`Unexpected ${C.source} in ${e??"collection"}`),v=C,u=n==="seq-item-ind"||n==="explicit\
-key-ind",d=!1;break;case"comma":if(e){_&&i(C,"UNEXPECTED_TOKEN",`Unexpected , in ${e}`),_=C,u=!1,d=!1;break}default:i(C,
"UNEXPECTED_TOKEN",`Unexpected ${C.type} token`),u=!1,d=!1}let P=t[t.length-1],Y=P?P.offset+P.source.length:o;return k&&
r&&r.type!=="space"&&r.type!=="newline"&&r.type!=="comma"&&(r.type!=="scalar"||r.source!=="")&&i(r.offset,"MISSING_CHAR",
"Tags and anchors must be separated from the next token by white space"),w&&(u&&w.indent<=s||r?.type==="block-map"||r?.type===
"block-seq")&&i(w,"TAB_AS_INDENT","Tabs are not allowed as indentation"),{comma:_,found:v,spaceBefore:c,comment:f,hasNewline:y,
anchor:g,tag:S,newlineAfterProp:E,end:Y,start:I??Y}}nh.resolveProps=KT});var xi=x(rh=>{"use strict";l();function dc(t){if(!t)return null;switch(t.type){case"alias":case"scalar":case"double-quot\
ed-scalar":case"single-quoted-scalar":if(t.source.includes(`
`))return!0;if(t.end){for(let e of t.end)if(e.type==="newline")return!0}return!1;case"flow-collection":for(let e of t.items){
for(let n of e.start)if(n.type==="newline")return!0;if(e.sep){for(let n of e.sep)if(n.type==="newline")return!0}if(dc(e.
key)||dc(e.value))return!0}return!1;default:return!0}}rh.containsNewline=dc});var pc=x(oh=>{"use strict";l();var HT=xi();function GT(t,e,n){if(e?.type==="flow-collection"){let r=e.end[0];r.indent===
t&&(r.source==="]"||r.source==="}")&&HT.containsNewline(e)&&n(r,"BAD_INDENT","Flow end indicator should be more indented\
 than parent",!0)}}oh.flowIndentCheck=GT});var hc=x(sh=>{"use strict";l();var ih=U();function YT(t,e,n){let{uniqueKeys:r}=t.options;if(r===!1)return!1;let o=typeof r==
"function"?r:(i,s)=>i===s||ih.isScalar(i)&&ih.isScalar(s)&&i.value===s.value;return e.some(i=>o(i.key,n))}sh.mapIncludes=
YT});var dh=x(fh=>{"use strict";l();var ah=ht(),WT=yt(),ch=br(),VT=xi(),lh=pc(),JT=hc(),uh="All mapping items must start at t\
he same column";function zT({composeNode:t,composeEmptyNode:e},n,r,o,i){let s=i?.nodeClass??WT.YAMLMap,a=new s(n.schema);
n.atRoot&&(n.atRoot=!1);let c=r.offset,u=null;for(let d of r.items){let{start:f,key:p,sep:y,value:k}=d,w=ch.resolveProps(
f,{indicator:"explicit-key-ind",next:p??y?.[0],offset:c,onError:o,parentIndent:r.indent,startOnNewline:!0}),g=!w.found;if(g){
if(p&&(p.type==="block-seq"?o(c,"BLOCK_AS_IMPLICIT_KEY","A block sequence may not be used as an implicit map key"):"inde\
nt"in p&&p.indent!==r.indent&&o(c,"BAD_INDENT",uh)),!w.anchor&&!w.tag&&!y){u=w.end,w.comment&&(a.comment?a.comment+=`
`+w.comment:a.comment=w.comment);continue}(w.newlineAfterProp||VT.containsNewline(p))&&o(p??f[f.length-1],"MULTILINE_IMP\
LICIT_KEY","Implicit keys need to be on a single line")}else w.found?.indent!==r.indent&&o(c,"BAD_INDENT",uh);n.atKey=!0;
let S=w.end,E=p?t(n,p,w,o):e(n,S,f,null,w,o);n.schema.compat&&lh.flowIndentCheck(r.indent,p,o),n.atKey=!1,JT.mapIncludes(
n,a.items,E)&&o(S,"DUPLICATE_KEY","Map keys must be unique");let _=ch.resolveProps(y??[],{indicator:"map-value-ind",next:k,
offset:E.range[2],onError:o,parentIndent:r.indent,startOnNewline:!p||p.type==="block-scalar"});if(c=_.end,_.found){g&&(k?.
type==="block-map"&&!_.hasNewline&&o(c,"BLOCK_AS_IMPLICIT_KEY","Nested mappings are not allowed in compact mappings"),n.
options.strict&&w.start<_.found.offset-1024&&o(E.range,"KEY_OVER_1024_CHARS","The : indicator must be at most 1024 chars\
 after the start of an implicit block mapping key"));let v=k?t(n,k,_,o):e(n,c,y,null,_,o);n.schema.compat&&lh.flowIndentCheck(
r.indent,k,o),c=v.range[2];let I=new ah.Pair(E,v);n.options.keepSourceTokens&&(I.srcToken=d),a.items.push(I)}else{g&&o(E.
range,"MISSING_CHAR","Implicit map keys need to be followed by map values"),_.comment&&(E.comment?E.comment+=`
`+_.comment:E.comment=_.comment);let v=new ah.Pair(E);n.options.keepSourceTokens&&(v.srcToken=d),a.items.push(v)}}return u&&
u<c&&o(u,"IMPOSSIBLE","Map comment with trailing content"),a.range=[r.offset,c,u??c],a}fh.resolveBlockMap=zT});var hh=x(ph=>{"use strict";l();var XT=gt(),QT=br(),ZT=pc();function e_({composeNode:t,composeEmptyNode:e},n,r,o,i){let s=i?.
nodeClass??XT.YAMLSeq,a=new s(n.schema);n.atRoot&&(n.atRoot=!1),n.atKey&&(n.atKey=!1);let c=r.offset,u=null;for(let{start:d,
value:f}of r.items){let p=QT.resolveProps(d,{indicator:"seq-item-ind",next:f,offset:c,onError:o,parentIndent:r.indent,startOnNewline:!0});
if(!p.found)if(p.anchor||p.tag||f)f?.type==="block-seq"?o(p.end,"BAD_INDENT","All sequence items must start at the same \
column"):o(c,"MISSING_CHAR","Sequence item without - indicator");else{u=p.end,p.comment&&(a.comment=p.comment);continue}
let y=f?t(n,f,p,o):e(n,p.end,d,null,p,o);n.schema.compat&&ZT.flowIndentCheck(r.indent,f,o),c=y.range[2],a.items.push(y)}
return a.range=[r.offset,c,u??c],a}ph.resolveBlockSeq=e_});var dn=x(mh=>{"use strict";l();function t_(t,e,n,r){let o="";if(t){let i=!1,s="";for(let a of t){let{source:c,type:u}=a;
switch(u){case"space":i=!0;break;case"comment":{n&&!i&&r(a,"MISSING_CHAR","Comments must be separated from other tokens \
by white space characters");let d=c.substring(1)||" ";o?o+=s+d:o=d,s="";break}case"newline":o&&(s+=c),i=!0;break;default:
r(a,"UNEXPECTED_TOKEN",`Unexpected ${u} at node end`)}e+=c.length}}return{comment:o,offset:e}}mh.resolveEnd=t_});var bh=x(wh=>{"use strict";l();var n_=U(),r_=ht(),yh=yt(),o_=gt(),i_=dn(),gh=br(),s_=xi(),a_=hc(),mc="Block collections \
are not allowed within flow collections",yc=t=>t&&(t.type==="block-map"||t.type==="block-seq");function c_({composeNode:t,
composeEmptyNode:e},n,r,o,i){let s=r.start.source==="{",a=s?"flow map":"flow sequence",c=i?.nodeClass??(s?yh.YAMLMap:o_.
YAMLSeq),u=new c(n.schema);u.flow=!0;let d=n.atRoot;d&&(n.atRoot=!1),n.atKey&&(n.atKey=!1);let f=r.offset+r.start.source.
length;for(let g=0;g<r.items.length;++g){let S=r.items[g],{start:E,key:_,sep:v,value:I}=S,P=gh.resolveProps(E,{flow:a,indicator:"\
explicit-key-ind",next:_??v?.[0],offset:f,onError:o,parentIndent:r.indent,startOnNewline:!1});if(!P.found){if(!P.anchor&&
!P.tag&&!v&&!I){g===0&&P.comma?o(P.comma,"UNEXPECTED_TOKEN",`Unexpected , in ${a}`):g<r.items.length-1&&o(P.start,"UNEXP\
ECTED_TOKEN",`Unexpected empty item in ${a}`),P.comment&&(u.comment?u.comment+=`
`+P.comment:u.comment=P.comment),f=P.end;continue}!s&&n.options.strict&&s_.containsNewline(_)&&o(_,"MULTILINE_IMPLICIT_K\
EY","Implicit keys of flow sequence pairs need to be on a single line")}if(g===0)P.comma&&o(P.comma,"UNEXPECTED_TOKEN",`\
Unexpected , in ${a}`);else if(P.comma||o(P.start,"MISSING_CHAR",`Missing , between ${a} items`),P.comment){let Y="";e:for(let C of E)
switch(C.type){case"comma":case"space":break;case"comment":Y=C.source.substring(1);break e;default:break e}if(Y){let C=u.
items[u.items.length-1];n_.isPair(C)&&(C=C.value??C.key),C.comment?C.comment+=`
`+Y:C.comment=Y,P.comment=P.comment.substring(Y.length+1)}}if(!s&&!v&&!P.found){let Y=I?t(n,I,P,o):e(n,P.end,v,null,P,o);
u.items.push(Y),f=Y.range[2],yc(I)&&o(Y.range,"BLOCK_IN_FLOW",mc)}else{n.atKey=!0;let Y=P.end,C=_?t(n,_,P,o):e(n,Y,E,null,
P,o);yc(_)&&o(C.range,"BLOCK_IN_FLOW",mc),n.atKey=!1;let Q=gh.resolveProps(v??[],{flow:a,indicator:"map-value-ind",next:I,
offset:C.range[2],onError:o,parentIndent:r.indent,startOnNewline:!1});if(Q.found){if(!s&&!P.found&&n.options.strict){if(v)
for(let ne of v){if(ne===Q.found)break;if(ne.type==="newline"){o(ne,"MULTILINE_IMPLICIT_KEY","Implicit keys of flow sequ\
ence pairs need to be on a single line");break}}P.start<Q.found.offset-1024&&o(Q.found,"KEY_OVER_1024_CHARS","The : indi\
cator must be at most 1024 chars after the start of an implicit flow sequence key")}}else I&&("source"in I&&I.source?.[0]===
":"?o(I,"MISSING_CHAR",`Missing space after : in ${a}`):o(Q.start,"MISSING_CHAR",`Missing , or : between ${a} items`));let Ze=I?
t(n,I,Q,o):Q.found?e(n,Q.end,v,null,Q,o):null;Ze?yc(I)&&o(Ze.range,"BLOCK_IN_FLOW",mc):Q.comment&&(C.comment?C.comment+=
`
`+Q.comment:C.comment=Q.comment);let Ht=new r_.Pair(C,Ze);if(n.options.keepSourceTokens&&(Ht.srcToken=S),s){let ne=u;a_.
mapIncludes(n,ne.items,C)&&o(Y,"DUPLICATE_KEY","Map keys must be unique"),ne.items.push(Ht)}else{let ne=new yh.YAMLMap(n.
schema);ne.flow=!0,ne.items.push(Ht);let Pu=(Ze??C).range;ne.range=[C.range[0],Pu[1],Pu[2]],u.items.push(ne)}f=Ze?Ze.range[2]:
Q.end}}let p=s?"}":"]",[y,...k]=r.end,w=f;if(y?.source===p)w=y.offset+y.source.length;else{let g=a[0].toUpperCase()+a.substring(
1),S=d?`${g} must end with a ${p}`:`${g} in block collection must be sufficiently indented and end with a ${p}`;o(f,d?"M\
ISSING_CHAR":"BAD_INDENT",S),y&&y.source.length!==1&&k.unshift(y)}if(k.length>0){let g=i_.resolveEnd(k,w,n.options.strict,
o);g.comment&&(u.comment?u.comment+=`
`+g.comment:u.comment=g.comment),u.range=[r.offset,w,g.offset]}else u.range=[r.offset,w,w];return u}wh.resolveFlowCollection=
c_});var kh=x(Sh=>{"use strict";l();var l_=U(),u_=te(),f_=yt(),d_=gt(),p_=dh(),h_=hh(),m_=bh();function gc(t,e,n,r,o,i){let s=n.
type==="block-map"?p_.resolveBlockMap(t,e,n,r,i):n.type==="block-seq"?h_.resolveBlockSeq(t,e,n,r,i):m_.resolveFlowCollection(
t,e,n,r,i),a=s.constructor;return o==="!"||o===a.tagName?(s.tag=a.tagName,s):(o&&(s.tag=o),s)}function y_(t,e,n,r,o){let i=r.
tag,s=i?e.directives.tagName(i.source,p=>o(i,"TAG_RESOLVE_FAILED",p)):null;if(n.type==="block-seq"){let{anchor:p,newlineAfterProp:y}=r,
k=p&&i?p.offset>i.offset?p:i:p??i;k&&(!y||y.offset<k.offset)&&o(k,"MISSING_CHAR","Missing newline after block sequence p\
rops")}let a=n.type==="block-map"?"map":n.type==="block-seq"?"seq":n.start.source==="{"?"map":"seq";if(!i||!s||s==="!"||
s===f_.YAMLMap.tagName&&a==="map"||s===d_.YAMLSeq.tagName&&a==="seq")return gc(t,e,n,o,s);let c=e.schema.tags.find(p=>p.
tag===s&&p.collection===a);if(!c){let p=e.schema.knownTags[s];if(p?.collection===a)e.schema.tags.push(Object.assign({},p,
{default:!1})),c=p;else return p?o(i,"BAD_COLLECTION_TYPE",`${p.tag} used for ${a} collection, but expects ${p.collection??
"scalar"}`,!0):o(i,"TAG_RESOLVE_FAILED",`Unresolved tag: ${s}`,!0),gc(t,e,n,o,s)}let u=gc(t,e,n,o,s,c),d=c.resolve?.(u,p=>o(
i,"TAG_RESOLVE_FAILED",p),e.options)??u,f=l_.isNode(d)?d:new u_.Scalar(d);return f.range=u.range,f.tag=s,c?.format&&(f.format=
c.format),f}Sh.composeCollection=y_});var bc=x(Eh=>{"use strict";l();var wc=te();function g_(t,e,n){let r=e.offset,o=w_(e,t.options.strict,n);if(!o)return{value:"",
type:null,comment:"",range:[r,r,r]};let i=o.mode===">"?wc.Scalar.BLOCK_FOLDED:wc.Scalar.BLOCK_LITERAL,s=e.source?b_(e.source):
[],a=s.length;for(let w=s.length-1;w>=0;--w){let g=s[w][1];if(g===""||g==="\r")a=w;else break}if(a===0){let w=o.chomp===
"+"&&s.length>0?`
`.repeat(Math.max(1,s.length-1)):"",g=r+o.length;return e.source&&(g+=e.source.length),{value:w,type:i,comment:o.comment,
range:[r,g,g]}}let c=e.indent+o.indent,u=e.offset+o.length,d=0;for(let w=0;w<a;++w){let[g,S]=s[w];if(S===""||S==="\r")o.
indent===0&&g.length>c&&(c=g.length);else{g.length<c&&n(u+g.length,"MISSING_CHAR","Block scalars with more-indented lead\
ing empty lines must use an explicit indentation indicator"),o.indent===0&&(c=g.length),d=w,c===0&&!t.atRoot&&n(u,"BAD_I\
NDENT","Block scalar values in collections must be indented");break}u+=g.length+S.length+1}for(let w=s.length-1;w>=a;--w)
s[w][0].length>c&&(a=w+1);let f="",p="",y=!1;for(let w=0;w<d;++w)f+=s[w][0].slice(c)+`
`;for(let w=d;w<a;++w){let[g,S]=s[w];u+=g.length+S.length+1;let E=S[S.length-1]==="\r";if(E&&(S=S.slice(0,-1)),S&&g.length<
c){let v=`Block scalar lines must not be less indented than their ${o.indent?"explicit indentation indicator":"first lin\
e"}`;n(u-S.length-(E?2:1),"BAD_INDENT",v),g=""}i===wc.Scalar.BLOCK_LITERAL?(f+=p+g.slice(c)+S,p=`
`):g.length>c||S[0]==="	"?(p===" "?p=`
`:!y&&p===`
`&&(p=`

`),f+=p+g.slice(c)+S,p=`
`,y=!0):S===""?p===`
`?f+=`
`:p=`
`:(f+=p+S,p=" ",y=!1)}switch(o.chomp){case"-":break;case"+":for(let w=a;w<s.length;++w)f+=`
`+s[w][0].slice(c);f[f.length-1]!==`
`&&(f+=`
`);break;default:f+=`
`}let k=r+o.length+e.source.length;return{value:f,type:i,comment:o.comment,range:[r,k,k]}}function w_({offset:t,props:e},n,r){
if(e[0].type!=="block-scalar-header")return r(e[0],"IMPOSSIBLE","Block scalar header not found"),null;let{source:o}=e[0],
i=o[0],s=0,a="",c=-1;for(let p=1;p<o.length;++p){let y=o[p];if(!a&&(y==="-"||y==="+"))a=y;else{let k=Number(y);!s&&k?s=k:
c===-1&&(c=t+p)}}c!==-1&&r(c,"UNEXPECTED_TOKEN",`Block scalar header includes extra characters: ${o}`);let u=!1,d="",f=o.
length;for(let p=1;p<e.length;++p){let y=e[p];switch(y.type){case"space":u=!0;case"newline":f+=y.source.length;break;case"\
comment":n&&!u&&r(y,"MISSING_CHAR","Comments must be separated from other tokens by white space characters"),f+=y.source.
length,d=y.source.substring(1);break;case"error":r(y,"UNEXPECTED_TOKEN",y.message),f+=y.source.length;break;default:{let k=`\
Unexpected token in block scalar header: ${y.type}`;r(y,"UNEXPECTED_TOKEN",k);let w=y.source;w&&typeof w=="string"&&(f+=
w.length)}}}return{mode:i,indent:s,chomp:a,comment:d,length:f}}function b_(t){let e=t.split(/\n( *)/),n=e[0],r=n.match(/^( *)/),
i=[r?.[1]?[r[1],n.slice(r[1].length)]:["",n]];for(let s=1;s<e.length;s+=2)i.push([e[s],e[s+1]]);return i}Eh.resolveBlockScalar=
g_});var kc=x(Th=>{"use strict";l();var Sc=te(),S_=dn();function k_(t,e,n){let{offset:r,type:o,source:i,end:s}=t,a,c,u=(p,y,k)=>n(
r+p,y,k);switch(o){case"scalar":a=Sc.Scalar.PLAIN,c=E_(i,u);break;case"single-quoted-scalar":a=Sc.Scalar.QUOTE_SINGLE,c=
A_(i,u);break;case"double-quoted-scalar":a=Sc.Scalar.QUOTE_DOUBLE,c=T_(i,u);break;default:return n(t,"UNEXPECTED_TOKEN",
`Expected a flow scalar value, but found: ${o}`),{value:"",type:null,comment:"",range:[r,r+i.length,r+i.length]}}let d=r+
i.length,f=S_.resolveEnd(s,d,e,n);return{value:c,type:a,comment:f.comment,range:[r,d,f.offset]}}function E_(t,e){let n="";
switch(t[0]){case"	":n="a tab character";break;case",":n="flow indicator character ,";break;case"%":n="directive indicat\
or character %";break;case"|":case">":{n=`block scalar indicator ${t[0]}`;break}case"@":case"`":{n=`reserved character ${t[0]}`;
break}}return n&&e(0,"BAD_SCALAR_START",`Plain value cannot start with ${n}`),Ah(t)}function A_(t,e){return(t[t.length-1]!==
"'"||t.length===1)&&e(t.length,"MISSING_CHAR","Missing closing 'quote"),Ah(t.slice(1,-1)).replace(/''/g,"'")}function Ah(t){
let e=/(.*?)\r?\n/sy,n=e.exec(t);if(!n)return t;let r,o;try{r=new RegExp("(?<![ 	])[ 	]+$"),o=new RegExp("^[ 	]+|(?<![ 	\
])[ 	]+$","g")}catch{r=/[ \t]+$/,o=/^[ \t]+|[ \t]+$/g}let i=n[1].replace(r,""),s=" ",a=e.lastIndex;for(;n=e.exec(t);){let u=n[1].
replace(o,"");u===""?s===`
`?i+=s:s=`
`:(i+=s+u,s=" "),a=e.lastIndex}let c=/[ \t]*(.*)/sy;return c.lastIndex=a,n=c.exec(t),i+s+(n?.[1]??"")}function T_(t,e){let n="";
for(let r=1;r<t.length-1;++r){let o=t[r];if(!(o==="\r"&&t[r+1]===`
`))if(o===`
`){let{fold:i,offset:s}=__(t,r);n+=i,r=s}else if(o==="\\"){let i=t[++r],s=O_[i];if(s)n+=s;else if(i===`
`)for(i=t[r+1];i===" "||i==="	";)i=t[++r+1];else if(i==="\r"&&t[r+1]===`
`)for(i=t[++r+1];i===" "||i==="	";)i=t[++r+1];else if(i==="x"||i==="u"||i==="U"){let a=i==="x"?2:i==="u"?4:8;n+=x_(t,r+1,
a,e),r+=a}else{let a=t.substr(r-1,2);e(r-1,"BAD_DQ_ESCAPE",`Invalid escape sequence ${a}`),n+=a}}else if(o===" "||o==="	"){
let i=r,s=t[r+1];for(;s===" "||s==="	";)s=t[++r+1];s!==`
`&&!(s==="\r"&&t[r+2]===`
`)&&(n+=r>i?t.slice(i,r+1):o)}else n+=o}return(t[t.length-1]!=='"'||t.length===1)&&e(t.length,"MISSING_CHAR",'Missing cl\
osing "quote'),n}function __(t,e){let n="",r=t[e+1];for(;(r===" "||r==="	"||r===`
`||r==="\r")&&!(r==="\r"&&t[e+2]!==`
`);)r===`
`&&(n+=`
`),e+=1,r=t[e+1];return n||(n=" "),{fold:n,offset:e}}var O_={0:"\0",a:"\x07",b:"\b",e:"\x1B",f:"\f",n:`
`,r:"\r",t:"	",v:"\v",N:"\x85",_:"\xA0",L:"\u2028",P:"\u2029"," ":" ",'"':'"',"/":"/","\\":"\\","	":"	"};function x_(t,e,n,r){
let o=t.substr(e,n),s=o.length===n&&/^[0-9a-fA-F]+$/.test(o)?parseInt(o,16):NaN;try{return String.fromCodePoint(s)}catch{
let a=t.substr(e-2,n+2);return r(e-2,"BAD_DQ_ESCAPE",`Invalid escape sequence ${a}`),a}}Th.resolveFlowScalar=k_});var xh=x(Oh=>{"use strict";l();var Pt=U(),_h=te(),v_=bc(),R_=kc();function C_(t,e,n,r){let{value:o,type:i,comment:s,range:a}=e.
type==="block-scalar"?v_.resolveBlockScalar(t,e,r):R_.resolveFlowScalar(e,t.options.strict,r),c=n?t.directives.tagName(n.
source,f=>r(n,"TAG_RESOLVE_FAILED",f)):null,u;t.options.stringKeys&&t.atKey?u=t.schema[Pt.SCALAR]:c?u=I_(t.schema,o,c,n,
r):e.type==="scalar"?u=N_(t,o,e,r):u=t.schema[Pt.SCALAR];let d;try{let f=u.resolve(o,p=>r(n??e,"TAG_RESOLVE_FAILED",p),t.
options);d=Pt.isScalar(f)?f:new _h.Scalar(f)}catch(f){let p=f instanceof Error?f.message:String(f);r(n??e,"TAG_RESOLVE_F\
AILED",p),d=new _h.Scalar(o)}return d.range=a,d.source=o,i&&(d.type=i),c&&(d.tag=c),u.format&&(d.format=u.format),s&&(d.
comment=s),d}function I_(t,e,n,r,o){if(n==="!")return t[Pt.SCALAR];let i=[];for(let a of t.tags)if(!a.collection&&a.tag===
n)if(a.default&&a.test)i.push(a);else return a;for(let a of i)if(a.test?.test(e))return a;let s=t.knownTags[n];return s&&
!s.collection?(t.tags.push(Object.assign({},s,{default:!1,test:void 0})),s):(o(r,"TAG_RESOLVE_FAILED",`Unresolved tag: ${n}`,
n!=="tag:yaml.org,2002:str"),t[Pt.SCALAR])}function N_({atKey:t,directives:e,schema:n},r,o,i){let s=n.tags.find(a=>(a.default===
!0||t&&a.default==="key")&&a.test?.test(r))||n[Pt.SCALAR];if(n.compat){let a=n.compat.find(c=>c.default&&c.test?.test(r))??
n[Pt.SCALAR];if(s.tag!==a.tag){let c=e.tagString(s.tag),u=e.tagString(a.tag),d=`Value may be parsed as either ${c} or ${u}`;
i(o,"TAG_RESOLVE_FAILED",d,!0)}}return s}Oh.composeScalar=C_});var Rh=x(vh=>{"use strict";l();function P_(t,e,n){if(e){n??(n=e.length);for(let r=n-1;r>=0;--r){let o=e[r];switch(o.type){case"\
space":case"comment":case"newline":t-=o.source.length;continue}for(o=e[++r];o?.type==="space";)t+=o.source.length,o=e[++r];
break}}return t}vh.emptyScalarPosition=P_});var Nh=x(Ac=>{"use strict";l();var $_=Zn(),L_=U(),M_=kh(),Ch=xh(),j_=dn(),D_=Rh(),q_={composeNode:Ih,composeEmptyNode:Ec};
function Ih(t,e,n,r){let o=t.atKey,{spaceBefore:i,comment:s,anchor:a,tag:c}=n,u,d=!0;switch(e.type){case"alias":u=U_(t,e,
r),(a||c)&&r(e,"ALIAS_PROPS","An alias node must not specify any properties");break;case"scalar":case"single-quoted-scal\
ar":case"double-quoted-scalar":case"block-scalar":u=Ch.composeScalar(t,e,c,r),a&&(u.anchor=a.source.substring(1));break;case"\
block-map":case"block-seq":case"flow-collection":try{u=M_.composeCollection(q_,t,e,n,r),a&&(u.anchor=a.source.substring(
1))}catch(f){let p=f instanceof Error?f.message:String(f);r(e,"RESOURCE_EXHAUSTION",p)}break;default:{let f=e.type==="er\
ror"?e.message:`Unsupported token (type: ${e.type})`;r(e,"UNEXPECTED_TOKEN",f),d=!1}}return u??(u=Ec(t,e.offset,void 0,null,
n,r)),a&&u.anchor===""&&r(a,"BAD_ALIAS","Anchor cannot be an empty string"),o&&t.options.stringKeys&&(!L_.isScalar(u)||typeof u.
value!="string"||u.tag&&u.tag!=="tag:yaml.org,2002:str")&&r(c??e,"NON_STRING_KEY","With stringKeys, all keys must be str\
ings"),i&&(u.spaceBefore=!0),s&&(e.type==="scalar"&&e.source===""?u.comment=s:u.commentBefore=s),t.options.keepSourceTokens&&
d&&(u.srcToken=e),u}function Ec(t,e,n,r,{spaceBefore:o,comment:i,anchor:s,tag:a,end:c},u){let d={type:"scalar",offset:D_.
emptyScalarPosition(e,n,r),indent:-1,source:""},f=Ch.composeScalar(t,d,a,u);return s&&(f.anchor=s.source.substring(1),f.
anchor===""&&u(s,"BAD_ALIAS","Anchor cannot be an empty string")),o&&(f.spaceBefore=!0),i&&(f.comment=i,f.range[2]=c),f}
function U_({options:t},{offset:e,source:n,end:r},o){let i=new $_.Alias(n.substring(1));i.source===""&&o(e,"BAD_ALIAS","\
Alias cannot be an empty string"),i.source.endsWith(":")&&o(e+n.length-1,"BAD_ALIAS","Alias ending in : is ambiguous",!0);
let s=e+n.length,a=j_.resolveEnd(r,s,t.strict,o);return i.range=[e,s,a.offset],a.comment&&(i.comment=a.comment),i}Ac.composeEmptyNode=
Ec;Ac.composeNode=Ih});var Lh=x($h=>{"use strict";l();var F_=mr(),Ph=Nh(),B_=dn(),K_=br();function H_(t,e,{offset:n,start:r,value:o,end:i},s){let a=Object.
assign({_directives:e},t),c=new F_.Document(void 0,a),u={atKey:!1,atRoot:!0,directives:c.directives,options:c.options,schema:c.
schema},d=K_.resolveProps(r,{indicator:"doc-start",next:o??i?.[0],offset:n,onError:s,parentIndent:0,startOnNewline:!0});
d.found&&(c.directives.docStart=!0,o&&(o.type==="block-map"||o.type==="block-seq")&&!d.hasNewline&&s(d.end,"MISSING_CHAR",
"Block collection cannot start on same line with directives-end marker")),c.contents=o?Ph.composeNode(u,o,d,s):Ph.composeEmptyNode(
u,d.end,r,null,d,s);let f=c.contents.range[2],p=B_.resolveEnd(i,f,!1,s);return p.comment&&(c.comment=p.comment),c.range=
[n,f,p.offset],c}$h.composeDoc=H_});var _c=x(Dh=>{"use strict";l();var G_=require("process"),Y_=ua(),W_=mr(),Sr=wr(),Mh=U(),V_=Lh(),J_=dn();function kr(t){if(typeof t==
"number")return[t,t+1];if(Array.isArray(t))return t.length===2?t:[t[0],t[1]];let{offset:e,source:n}=t;return[e,e+(typeof n==
"string"?n.length:1)]}function jh(t){let e="",n=!1,r=!1;for(let o=0;o<t.length;++o){let i=t[o];switch(i[0]){case"#":e+=(e===
""?"":r?`

`:`
`)+(i.substring(1)||" "),n=!0,r=!1;break;case"%":t[o+1]?.[0]!=="#"&&(o+=1),n=!1;break;default:n||(r=!0),n=!1}}return{comment:e,
afterEmptyLine:r}}var Tc=class{constructor(e={}){this.doc=null,this.atDirectives=!1,this.prelude=[],this.errors=[],this.
warnings=[],this.onError=(n,r,o,i)=>{let s=kr(n);i?this.warnings.push(new Sr.YAMLWarning(s,r,o)):this.errors.push(new Sr.
YAMLParseError(s,r,o))},this.directives=new Y_.Directives({version:e.version||"1.2"}),this.options=e}decorate(e,n){let{comment:r,
afterEmptyLine:o}=jh(this.prelude);if(r){let i=e.contents;if(n)e.comment=e.comment?`${e.comment}
${r}`:r;else if(o||e.directives.docStart||!i)e.commentBefore=r;else if(Mh.isCollection(i)&&!i.flow&&i.items.length>0){let s=i.
items[0];Mh.isPair(s)&&(s=s.key);let a=s.commentBefore;s.commentBefore=a?`${r}
${a}`:r}else{let s=i.commentBefore;i.commentBefore=s?`${r}
${s}`:r}}if(n){for(let i=0;i<this.errors.length;++i)e.errors.push(this.errors[i]);for(let i=0;i<this.warnings.length;++i)
e.warnings.push(this.warnings[i])}else e.errors=this.errors,e.warnings=this.warnings;this.prelude=[],this.errors=[],this.
warnings=[]}streamInfo(){return{comment:jh(this.prelude).comment,directives:this.directives,errors:this.errors,warnings:this.
warnings}}*compose(e,n=!1,r=-1){for(let o of e)yield*this.next(o);yield*this.end(n,r)}*next(e){switch(G_.env.LOG_STREAM&&
console.dir(e,{depth:null}),e.type){case"directive":this.directives.add(e.source,(n,r,o)=>{let i=kr(e);i[0]+=n,this.onError(
i,"BAD_DIRECTIVE",r,o)}),this.prelude.push(e.source),this.atDirectives=!0;break;case"document":{let n=V_.composeDoc(this.
options,this.directives,e,this.onError);this.atDirectives&&!n.directives.docStart&&this.onError(e,"MISSING_CHAR","Missin\
g directives-end/doc-start indicator line"),this.decorate(n,!1),this.doc&&(yield this.doc),this.doc=n,this.atDirectives=
!1;break}case"byte-order-mark":case"space":break;case"comment":case"newline":this.prelude.push(e.source);break;case"erro\
r":{let n=e.source?`${e.message}: ${JSON.stringify(e.source)}`:e.message,r=new Sr.YAMLParseError(kr(e),"UNEXPECTED_TOKEN",
n);this.atDirectives||!this.doc?this.errors.push(r):this.doc.errors.push(r);break}case"doc-end":{if(!this.doc){let r="Un\
expected doc-end without preceding document";this.errors.push(new Sr.YAMLParseError(kr(e),"UNEXPECTED_TOKEN",r));break}this.
doc.directives.docEnd=!0;let n=J_.resolveEnd(e.end,e.offset+e.source.length,this.doc.options.strict,this.onError);if(this.
decorate(this.doc,!0),n.comment){let r=this.doc.comment;this.doc.comment=r?`${r}
${n.comment}`:n.comment}this.doc.range[2]=n.offset;break}default:this.errors.push(new Sr.YAMLParseError(kr(e),"UNEXPECTE\
D_TOKEN",`Unsupported token ${e.type}`))}}*end(e=!1,n=-1){if(this.doc)this.decorate(this.doc,!0),yield this.doc,this.doc=
null;else if(e){let r=Object.assign({_directives:this.directives},this.options),o=new W_.Document(void 0,r);this.atDirectives&&
this.onError(n,"MISSING_CHAR","Missing directives-end indicator line"),o.range=[0,n,n],this.decorate(o,!1),yield o}}};Dh.
Composer=Tc});var Fh=x(vi=>{"use strict";l();var z_=bc(),X_=kc(),Q_=wr(),qh=or();function Z_(t,e=!0,n){if(t){let r=(o,i,s)=>{let a=typeof o==
"number"?o:Array.isArray(o)?o[0]:o.offset;if(n)n(a,i,s);else throw new Q_.YAMLParseError([a,a+1],i,s)};switch(t.type){case"\
scalar":case"single-quoted-scalar":case"double-quoted-scalar":return X_.resolveFlowScalar(t,e,r);case"block-scalar":return z_.
resolveBlockScalar({options:{strict:e}},t,r)}}return null}function eO(t,e){let{implicitKey:n=!1,indent:r,inFlow:o=!1,offset:i=-1,
type:s="PLAIN"}=e,a=qh.stringifyString({type:s,value:t},{implicitKey:n,indent:r>0?" ".repeat(r):"",inFlow:o,options:{blockQuote:!0,
lineWidth:-1}}),c=e.end??[{type:"newline",offset:-1,indent:r,source:`
`}];switch(a[0]){case"|":case">":{let u=a.indexOf(`
`),d=a.substring(0,u),f=a.substring(u+1)+`
`,p=[{type:"block-scalar-header",offset:i,indent:r,source:d}];return Uh(p,c)||p.push({type:"newline",offset:-1,indent:r,
source:`
`}),{type:"block-scalar",offset:i,indent:r,props:p,source:f}}case'"':return{type:"double-quoted-scalar",offset:i,indent:r,
source:a,end:c};case"'":return{type:"single-quoted-scalar",offset:i,indent:r,source:a,end:c};default:return{type:"scalar",
offset:i,indent:r,source:a,end:c}}}function tO(t,e,n={}){let{afterKey:r=!1,implicitKey:o=!1,inFlow:i=!1,type:s}=n,a="ind\
ent"in t?t.indent:null;if(r&&typeof a=="number"&&(a+=2),!s)switch(t.type){case"single-quoted-scalar":s="QUOTE_SINGLE";break;case"\
double-quoted-scalar":s="QUOTE_DOUBLE";break;case"block-scalar":{let u=t.props[0];if(u.type!=="block-scalar-header")throw new Error(
"Invalid block scalar header");s=u.source[0]===">"?"BLOCK_FOLDED":"BLOCK_LITERAL";break}default:s="PLAIN"}let c=qh.stringifyString(
{type:s,value:e},{implicitKey:o||a===null,indent:a!==null&&a>0?" ".repeat(a):"",inFlow:i,options:{blockQuote:!0,lineWidth:-1}});
switch(c[0]){case"|":case">":nO(t,c);break;case'"':Oc(t,c,"double-quoted-scalar");break;case"'":Oc(t,c,"single-quoted-sc\
alar");break;default:Oc(t,c,"scalar")}}function nO(t,e){let n=e.indexOf(`
`),r=e.substring(0,n),o=e.substring(n+1)+`
`;if(t.type==="block-scalar"){let i=t.props[0];if(i.type!=="block-scalar-header")throw new Error("Invalid block scalar h\
eader");i.source=r,t.source=o}else{let{offset:i}=t,s="indent"in t?t.indent:-1,a=[{type:"block-scalar-header",offset:i,indent:s,
source:r}];Uh(a,"end"in t?t.end:void 0)||a.push({type:"newline",offset:-1,indent:s,source:`
`});for(let c of Object.keys(t))c!=="type"&&c!=="offset"&&delete t[c];Object.assign(t,{type:"block-scalar",indent:s,props:a,
source:o})}}function Uh(t,e){if(e)for(let n of e)switch(n.type){case"space":case"comment":t.push(n);break;case"newline":
return t.push(n),!0}return!1}function Oc(t,e,n){switch(t.type){case"scalar":case"double-quoted-scalar":case"single-quote\
d-scalar":t.type=n,t.source=e;break;case"block-scalar":{let r=t.props.slice(1),o=e.length;t.props[0].type==="block-scala\
r-header"&&(o-=t.props[0].source.length);for(let i of r)i.offset+=o;delete t.props,Object.assign(t,{type:n,source:e,end:r});
break}case"block-map":case"block-seq":{let o={type:"newline",offset:t.offset+e.length,indent:t.indent,source:`
`};delete t.items,Object.assign(t,{type:n,source:e,end:[o]});break}default:{let r="indent"in t?t.indent:-1,o="end"in t&&
Array.isArray(t.end)?t.end.filter(i=>i.type==="space"||i.type==="comment"||i.type==="newline"):[];for(let i of Object.keys(
t))i!=="type"&&i!=="offset"&&delete t[i];Object.assign(t,{type:n,indent:r,source:e,end:o})}}}vi.createScalarToken=eO;vi.
resolveAsScalar=Z_;vi.setScalarValue=tO});var Kh=x(Bh=>{"use strict";l();var rO=t=>"type"in t?Ci(t):Ri(t);function Ci(t){switch(t.type){case"block-scalar":{let e="";
for(let n of t.props)e+=Ci(n);return e+t.source}case"block-map":case"block-seq":{let e="";for(let n of t.items)e+=Ri(n);
return e}case"flow-collection":{let e=t.start.source;for(let n of t.items)e+=Ri(n);for(let n of t.end)e+=n.source;return e}case"\
document":{let e=Ri(t);if(t.end)for(let n of t.end)e+=n.source;return e}default:{let e=t.source;if("end"in t&&t.end)for(let n of t.
end)e+=n.source;return e}}}function Ri({start:t,key:e,sep:n,value:r}){let o="";for(let i of t)o+=i.source;if(e&&(o+=Ci(e)),
n)for(let i of n)o+=i.source;return r&&(o+=Ci(r)),o}Bh.stringify=rO});var Wh=x(Yh=>{"use strict";l();var xc=Symbol("break visit"),oO=Symbol("skip children"),Hh=Symbol("remove item");function $t(t,e){
"type"in t&&t.type==="document"&&(t={start:t.start,value:t.value}),Gh(Object.freeze([]),t,e)}$t.BREAK=xc;$t.SKIP=oO;$t.REMOVE=
Hh;$t.itemAtPath=(t,e)=>{let n=t;for(let[r,o]of e){let i=n?.[r];if(i&&"items"in i)n=i.items[o];else return}return n};$t.
parentCollection=(t,e)=>{let n=$t.itemAtPath(t,e.slice(0,-1)),r=e[e.length-1][0],o=n?.[r];if(o&&"items"in o)return o;throw new Error(
"Parent collection not found")};function Gh(t,e,n){let r=n(e,t);if(typeof r=="symbol")return r;for(let o of["key","value"]){
let i=e[o];if(i&&"items"in i){for(let s=0;s<i.items.length;++s){let a=Gh(Object.freeze(t.concat([[o,s]])),i.items[s],n);
if(typeof a=="number")s=a-1;else{if(a===xc)return xc;a===Hh&&(i.items.splice(s,1),s-=1)}}typeof r=="function"&&o==="key"&&
(r=r(e,t))}}return typeof r=="function"?r(e,t):r}Yh.visit=$t});var Ii=x(he=>{"use strict";l();var vc=Fh(),iO=Kh(),sO=Wh(),Rc="\uFEFF",Cc="",Ic="",Nc="",aO=t=>!!t&&"items"in t,cO=t=>!!t&&
(t.type==="scalar"||t.type==="single-quoted-scalar"||t.type==="double-quoted-scalar"||t.type==="block-scalar");function lO(t){
switch(t){case Rc:return"<BOM>";case Cc:return"<DOC>";case Ic:return"<FLOW_END>";case Nc:return"<SCALAR>";default:return JSON.
stringify(t)}}function uO(t){switch(t){case Rc:return"byte-order-mark";case Cc:return"doc-mode";case Ic:return"flow-erro\
r-end";case Nc:return"scalar";case"---":return"doc-start";case"...":return"doc-end";case"":case`
`:case`\r
`:return"newline";case"-":return"seq-item-ind";case"?":return"explicit-key-ind";case":":return"map-value-ind";case"{":return"\
flow-map-start";case"}":return"flow-map-end";case"[":return"flow-seq-start";case"]":return"flow-seq-end";case",":return"\
comma"}switch(t[0]){case" ":case"	":return"space";case"#":return"comment";case"%":return"directive-line";case"*":return"\
alias";case"&":return"anchor";case"!":return"tag";case"'":return"single-quoted-scalar";case'"':return"double-quoted-scal\
ar";case"|":case">":return"block-scalar-header"}return null}he.createScalarToken=vc.createScalarToken;he.resolveAsScalar=
vc.resolveAsScalar;he.setScalarValue=vc.setScalarValue;he.stringify=iO.stringify;he.visit=sO.visit;he.BOM=Rc;he.DOCUMENT=
Cc;he.FLOW_END=Ic;he.SCALAR=Nc;he.isCollection=aO;he.isScalar=cO;he.prettyToken=lO;he.tokenType=uO});var Lc=x(Jh=>{"use strict";l();var Er=Ii();function Ne(t){switch(t){case void 0:case" ":case`
`:case"\r":case"	":return!0;default:return!1}}var Vh=new Set("0123456789ABCDEFabcdef"),fO=new Set("0123456789ABCDEFGHIJK\
LMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()"),Ni=new Set(",[]{}"),dO=new Set(` ,[]{}
\r	`),Pc=t=>!t||dO.has(t),$c=class{constructor(){this.atEnd=!1,this.blockScalarIndent=-1,this.blockScalarKeep=!1,this.buffer=
"",this.flowKey=!1,this.flowLevel=0,this.indentNext=0,this.indentValue=0,this.lineEndPos=null,this.next=null,this.pos=0}*lex(e,n=!1){
if(e){if(typeof e!="string")throw TypeError("source is not a string");this.buffer=this.buffer?this.buffer+e:e,this.lineEndPos=
null}this.atEnd=!n;let r=this.next??"stream";for(;r&&(n||this.hasChars(1));)r=yield*this.parseNext(r)}atLineEnd(){let e=this.
pos,n=this.buffer[e];for(;n===" "||n==="	";)n=this.buffer[++e];return!n||n==="#"||n===`
`?!0:n==="\r"?this.buffer[e+1]===`
`:!1}charAt(e){return this.buffer[this.pos+e]}continueScalar(e){let n=this.buffer[e];if(this.indentNext>0){let r=0;for(;n===
" ";)n=this.buffer[++r+e];if(n==="\r"){let o=this.buffer[r+e+1];if(o===`
`||!o&&!this.atEnd)return e+r+1}return n===`
`||r>=this.indentNext||!n&&!this.atEnd?e+r:-1}if(n==="-"||n==="."){let r=this.buffer.substr(e,3);if((r==="---"||r==="...")&&
Ne(this.buffer[e+3]))return-1}return e}getLine(){let e=this.lineEndPos;return(typeof e!="number"||e!==-1&&e<this.pos)&&(e=
this.buffer.indexOf(`
`,this.pos),this.lineEndPos=e),e===-1?this.atEnd?this.buffer.substring(this.pos):null:(this.buffer[e-1]==="\r"&&(e-=1),this.
buffer.substring(this.pos,e))}hasChars(e){return this.pos+e<=this.buffer.length}setNext(e){return this.buffer=this.buffer.
substring(this.pos),this.pos=0,this.lineEndPos=null,this.next=e,null}peek(e){return this.buffer.substr(this.pos,e)}*parseNext(e){
switch(e){case"stream":return yield*this.parseStream();case"line-start":return yield*this.parseLineStart();case"block-st\
art":return yield*this.parseBlockStart();case"doc":return yield*this.parseDocument();case"flow":return yield*this.parseFlowCollection();case"\
quoted-scalar":return yield*this.parseQuotedScalar();case"block-scalar":return yield*this.parseBlockScalar();case"plain-\
scalar":return yield*this.parsePlainScalar()}}*parseStream(){let e=this.getLine();if(e===null)return this.setNext("strea\
m");if(e[0]===Er.BOM&&(yield*this.pushCount(1),e=e.substring(1)),e[0]==="%"){let n=e.length,r=e.indexOf("#");for(;r!==-1;){
let i=e[r-1];if(i===" "||i==="	"){n=r-1;break}else r=e.indexOf("#",r+1)}for(;;){let i=e[n-1];if(i===" "||i==="	")n-=1;else
break}let o=(yield*this.pushCount(n))+(yield*this.pushSpaces(!0));return yield*this.pushCount(e.length-o),this.pushNewline(),
"stream"}if(this.atLineEnd()){let n=yield*this.pushSpaces(!0);return yield*this.pushCount(e.length-n),yield*this.pushNewline(),
"stream"}return yield Er.DOCUMENT,yield*this.parseLineStart()}*parseLineStart(){let e=this.charAt(0);if(!e&&!this.atEnd)
return this.setNext("line-start");if(e==="-"||e==="."){if(!this.atEnd&&!this.hasChars(4))return this.setNext("line-start");
let n=this.peek(3);if((n==="---"||n==="...")&&Ne(this.charAt(3)))return yield*this.pushCount(3),this.indentValue=0,this.
indentNext=0,n==="---"?"doc":"stream"}return this.indentValue=yield*this.pushSpaces(!1),this.indentNext>this.indentValue&&
!Ne(this.charAt(1))&&(this.indentNext=this.indentValue),yield*this.parseBlockStart()}*parseBlockStart(){let[e,n]=this.peek(
2);if(!n&&!this.atEnd)return this.setNext("block-start");if((e==="-"||e==="?"||e===":")&&Ne(n)){let r=(yield*this.pushCount(
1))+(yield*this.pushSpaces(!0));return this.indentNext=this.indentValue+1,this.indentValue+=r,"block-start"}return"doc"}*parseDocument(){
yield*this.pushSpaces(!0);let e=this.getLine();if(e===null)return this.setNext("doc");let n=yield*this.pushIndicators();
switch(e[n]){case"#":yield*this.pushCount(e.length-n);case void 0:return yield*this.pushNewline(),yield*this.parseLineStart();case"\
{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel=1,"flow";case"}":case"]":return yield*this.pushCount(
1),"doc";case"*":return yield*this.pushUntil(Pc),"doc";case'"':case"'":return yield*this.parseQuotedScalar();case"|":case"\
>":return n+=yield*this.parseBlockScalarHeader(),n+=yield*this.pushSpaces(!0),yield*this.pushCount(e.length-n),yield*this.
pushNewline(),yield*this.parseBlockScalar();default:return yield*this.parsePlainScalar()}}*parseFlowCollection(){let e,n,
r=-1;do e=yield*this.pushNewline(),e>0?(n=yield*this.pushSpaces(!1),this.indentValue=r=n):n=0,n+=yield*this.pushSpaces(!0);while(e+
n>0);let o=this.getLine();if(o===null)return this.setNext("flow");if((r!==-1&&r<this.indentNext&&o[0]!=="#"||r===0&&(o.startsWith(
"---")||o.startsWith("..."))&&Ne(o[3]))&&!(r===this.indentNext-1&&this.flowLevel===1&&(o[0]==="]"||o[0]==="}")))return this.
flowLevel=0,yield Er.FLOW_END,yield*this.parseLineStart();let i=0;for(;o[i]===",";)i+=yield*this.pushCount(1),i+=yield*this.
pushSpaces(!0),this.flowKey=!1;switch(i+=yield*this.pushIndicators(),o[i]){case void 0:return"flow";case"#":return yield*this.
pushCount(o.length-i),"flow";case"{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel+=1,"flow";case"\
}":case"]":return yield*this.pushCount(1),this.flowKey=!0,this.flowLevel-=1,this.flowLevel?"flow":"doc";case"*":return yield*this.
pushUntil(Pc),"flow";case'"':case"'":return this.flowKey=!0,yield*this.parseQuotedScalar();case":":{let s=this.charAt(1);
if(this.flowKey||Ne(s)||s===",")return this.flowKey=!1,yield*this.pushCount(1),yield*this.pushSpaces(!0),"flow"}default:
return this.flowKey=!1,yield*this.parsePlainScalar()}}*parseQuotedScalar(){let e=this.charAt(0),n=this.buffer.indexOf(e,
this.pos+1);if(e==="'")for(;n!==-1&&this.buffer[n+1]==="'";)n=this.buffer.indexOf("'",n+2);else for(;n!==-1;){let i=0;for(;this.
buffer[n-1-i]==="\\";)i+=1;if(i%2===0)break;n=this.buffer.indexOf('"',n+1)}let r=this.buffer.substring(0,n),o=r.indexOf(
`
`,this.pos);if(o!==-1){for(;o!==-1;){let i=this.continueScalar(o+1);if(i===-1)break;o=r.indexOf(`
`,i)}o!==-1&&(n=o-(r[o-1]==="\r"?2:1))}if(n===-1){if(!this.atEnd)return this.setNext("quoted-scalar");n=this.buffer.length}
return yield*this.pushToIndex(n+1,!1),this.flowLevel?"flow":"doc"}*parseBlockScalarHeader(){this.blockScalarIndent=-1,this.
blockScalarKeep=!1;let e=this.pos;for(;;){let n=this.buffer[++e];if(n==="+")this.blockScalarKeep=!0;else if(n>"0"&&n<="9")
this.blockScalarIndent=Number(n)-1;else if(n!=="-")break}return yield*this.pushUntil(n=>Ne(n)||n==="#")}*parseBlockScalar(){
let e=this.pos-1,n=0,r;e:for(let i=this.pos;r=this.buffer[i];++i)switch(r){case" ":n+=1;break;case`
`:e=i,n=0;break;case"\r":{let s=this.buffer[i+1];if(!s&&!this.atEnd)return this.setNext("block-scalar");if(s===`
`)break}default:break e}if(!r&&!this.atEnd)return this.setNext("block-scalar");if(n>=this.indentNext){this.blockScalarIndent===
-1?this.indentNext=n:this.indentNext=this.blockScalarIndent+(this.indentNext===0?1:this.indentNext);do{let i=this.continueScalar(
e+1);if(i===-1)break;e=this.buffer.indexOf(`
`,i)}while(e!==-1);if(e===-1){if(!this.atEnd)return this.setNext("block-scalar");e=this.buffer.length}}let o=e+1;for(r=this.
buffer[o];r===" ";)r=this.buffer[++o];if(r==="	"){for(;r==="	"||r===" "||r==="\r"||r===`
`;)r=this.buffer[++o];e=o-1}else if(!this.blockScalarKeep)do{let i=e-1,s=this.buffer[i];s==="\r"&&(s=this.buffer[--i]);let a=i;
for(;s===" ";)s=this.buffer[--i];if(s===`
`&&i>=this.pos&&i+1+n>a)e=i;else break}while(!0);return yield Er.SCALAR,yield*this.pushToIndex(e+1,!0),yield*this.parseLineStart()}*parsePlainScalar(){
let e=this.flowLevel>0,n=this.pos-1,r=this.pos-1,o;for(;o=this.buffer[++r];)if(o===":"){let i=this.buffer[r+1];if(Ne(i)||
e&&Ni.has(i))break;n=r}else if(Ne(o)){let i=this.buffer[r+1];if(o==="\r"&&(i===`
`?(r+=1,o=`
`,i=this.buffer[r+1]):n=r),i==="#"||e&&Ni.has(i))break;if(o===`
`){let s=this.continueScalar(r+1);if(s===-1)break;r=Math.max(r,s-2)}}else{if(e&&Ni.has(o))break;n=r}return!o&&!this.atEnd?
this.setNext("plain-scalar"):(yield Er.SCALAR,yield*this.pushToIndex(n+1,!0),e?"flow":"doc")}*pushCount(e){return e>0?(yield this.
buffer.substr(this.pos,e),this.pos+=e,e):0}*pushToIndex(e,n){let r=this.buffer.slice(this.pos,e);return r?(yield r,this.
pos+=r.length,r.length):(n&&(yield""),0)}*pushIndicators(){let e=0;e:for(;;){switch(this.charAt(0)){case"!":e+=yield*this.
pushTag(),e+=yield*this.pushSpaces(!0);continue e;case"&":e+=yield*this.pushUntil(Pc),e+=yield*this.pushSpaces(!0);continue e;case"\
-":case"?":case":":{let n=this.flowLevel>0,r=this.charAt(1);if(Ne(r)||n&&Ni.has(r)){n?this.flowKey&&(this.flowKey=!1):this.
indentNext=this.indentValue+1,e+=yield*this.pushCount(1),e+=yield*this.pushSpaces(!0);continue e}}}break e}return e}*pushTag(){
if(this.charAt(1)==="<"){let e=this.pos+2,n=this.buffer[e];for(;!Ne(n)&&n!==">";)n=this.buffer[++e];return yield*this.pushToIndex(
n===">"?e+1:e,!1)}else{let e=this.pos+1,n=this.buffer[e];for(;n;)if(fO.has(n))n=this.buffer[++e];else if(n==="%"&&Vh.has(
this.buffer[e+1])&&Vh.has(this.buffer[e+2]))n=this.buffer[e+=3];else break;return yield*this.pushToIndex(e,!1)}}*pushNewline(){
let e=this.buffer[this.pos];return e===`
`?yield*this.pushCount(1):e==="\r"&&this.charAt(1)===`
`?yield*this.pushCount(2):0}*pushSpaces(e){let n=this.pos-1,r;do r=this.buffer[++n];while(r===" "||e&&r==="	");let o=n-this.
pos;return o>0&&(yield this.buffer.substr(this.pos,o),this.pos=n),o}*pushUntil(e){let n=this.pos,r=this.buffer[n];for(;!e(
r);)r=this.buffer[++n];return yield*this.pushToIndex(n,!1)}};Jh.Lexer=$c});var jc=x(zh=>{"use strict";l();var Mc=class{constructor(){this.lineStarts=[],this.addNewLine=e=>this.lineStarts.push(e),
this.linePos=e=>{let n=0,r=this.lineStarts.length;for(;n<r;){let i=n+r>>1;this.lineStarts[i]<e?n=i+1:r=i}if(this.lineStarts[n]===
e)return{line:n+1,col:1};if(n===0)return{line:0,col:e};let o=this.lineStarts[n-1];return{line:n,col:e-o+1}}}};zh.LineCounter=
Mc});var qc=x(tm=>{"use strict";l();var pO=require("process"),Xh=Ii(),hO=Lc();function wt(t,e){for(let n=0;n<t.length;++n)if(t[n].
type===e)return!0;return!1}function Qh(t){for(let e=0;e<t.length;++e)switch(t[e].type){case"space":case"comment":case"ne\
wline":break;default:return e}return-1}function em(t){switch(t?.type){case"alias":case"scalar":case"single-quoted-scalar":case"\
double-quoted-scalar":case"flow-collection":return!0;default:return!1}}function Pi(t){switch(t.type){case"document":return t.
start;case"block-map":{let e=t.items[t.items.length-1];return e.sep??e.start}case"block-seq":return t.items[t.items.length-
1].start;default:return[]}}function pn(t){if(t.length===0)return[];let e=t.length;e:for(;--e>=0;)switch(t[e].type){case"\
doc-start":case"explicit-key-ind":case"map-value-ind":case"seq-item-ind":case"newline":break e}for(;t[++e]?.type==="spac\
e";);return t.splice(e,t.length)}function $i(t,e){if(e.length<1e5)Array.prototype.push.apply(t,e);else for(let n=0;n<e.length;++n)
t.push(e[n])}function Zh(t){if(t.start.type==="flow-seq-start")for(let e of t.items)e.sep&&!e.value&&!wt(e.start,"explic\
it-key-ind")&&!wt(e.sep,"map-value-ind")&&(e.key&&(e.value=e.key),delete e.key,em(e.value)?e.value.end?$i(e.value.end,e.
sep):e.value.end=e.sep:$i(e.start,e.sep),delete e.sep)}var Dc=class{constructor(e){this.atNewLine=!0,this.atScalar=!1,this.
indent=0,this.offset=0,this.onKeyLine=!1,this.stack=[],this.source="",this.type="",this.lexer=new hO.Lexer,this.onNewLine=
e}*parse(e,n=!1){this.onNewLine&&this.offset===0&&this.onNewLine(0);for(let r of this.lexer.lex(e,n))yield*this.next(r);
n||(yield*this.end())}*next(e){if(this.source=e,pO.env.LOG_TOKENS&&console.log("|",Xh.prettyToken(e)),this.atScalar){this.
atScalar=!1,yield*this.step(),this.offset+=e.length;return}let n=Xh.tokenType(e);if(n)if(n==="scalar")this.atNewLine=!1,
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
"document"&&(n.indent=0),n.type==="flow-collection"&&Zh(n),r.type){case"document":r.value=n;break;case"block-scalar":r.props.
push(n);break;case"block-map":{let o=r.items[r.items.length-1];if(o.value){r.items.push({start:[],key:n,sep:[]}),this.onKeyLine=
!0;return}else if(o.sep)o.value=n;else{Object.assign(o,{key:n,sep:[]}),this.onKeyLine=!o.explicitKey;return}break}case"b\
lock-seq":{let o=r.items[r.items.length-1];o.value?r.items.push({start:[],value:n}):o.value=n;break}case"flow-collection":{
let o=r.items[r.items.length-1];!o||o.value?r.items.push({start:[],key:n,sep:[]}):o.sep?o.value=n:Object.assign(o,{key:n,
sep:[]});return}default:yield*this.pop(),yield*this.pop(n)}if((r.type==="document"||r.type==="block-map"||r.type==="bloc\
k-seq")&&(n.type==="block-map"||n.type==="block-seq")){let o=n.items[n.items.length-1];o&&!o.sep&&!o.value&&o.start.length>
0&&Qh(o.start)===-1&&(n.indent===0||o.start.every(i=>i.type!=="comment"||i.indent<n.indent))&&(r.type==="document"?r.end=
o.start:r.items.push({start:o.start}),n.items.splice(-1,1))}}}*stream(){switch(this.type){case"directive-line":yield{type:"\
directive",offset:this.offset,source:this.source};return;case"byte-order-mark":case"space":case"comment":case"newline":yield this.
sourceToken;return;case"doc-mode":case"doc-start":{let e={type:"document",offset:this.offset,start:[]};this.type==="doc-\
start"&&e.start.push(this.sourceToken),this.stack.push(e);return}}yield{type:"error",offset:this.offset,message:`Unexpec\
ted ${this.type} token in YAML stream`,source:this.source}}*document(e){if(e.value)return yield*this.lineEnd(e);switch(this.
type){case"doc-start":{Qh(e.start)!==-1?(yield*this.pop(),yield*this.step()):e.start.push(this.sourceToken);return}case"\
anchor":case"tag":case"space":case"comment":case"newline":e.start.push(this.sourceToken);return}let n=this.startBlockValue(
e);n?this.stack.push(n):yield{type:"error",offset:this.offset,message:`Unexpected ${this.type} token in YAML document`,source:this.
source}}*scalar(e){if(this.type==="map-value-ind"){let n=Pi(this.peek(2)),r=pn(n),o;e.end?(o=e.end,o.push(this.sourceToken),
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
end;if(Array.isArray(o)){$i(o,n.start),o.push(this.sourceToken),e.items.pop();return}}n.start.push(this.sourceToken)}return}
if(this.indent>=e.indent){let r=!this.onKeyLine&&this.indent===e.indent,o=r&&(n.sep||n.explicitKey)&&this.type!=="seq-it\
em-ind",i=[];if(o&&n.sep&&!n.value){let s=[];for(let a=0;a<n.sep.length;++a){let c=n.sep[a];switch(c.type){case"newline":
s.push(a);break;case"space":break;case"comment":c.indent>e.indent&&(s.length=0);break;default:s.length=0}}s.length>=2&&(i=
n.sep.splice(s[1]))}switch(this.type){case"anchor":case"tag":o||n.value?(i.push(this.sourceToken),e.items.push({start:i}),
this.onKeyLine=!0):n.sep?n.sep.push(this.sourceToken):n.start.push(this.sourceToken);return;case"explicit-key-ind":!n.sep&&
!n.explicitKey?(n.start.push(this.sourceToken),n.explicitKey=!0):o||n.value?(i.push(this.sourceToken),e.items.push({start:i,
explicitKey:!0})):this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken],
explicitKey:!0}]}),this.onKeyLine=!0;return;case"map-value-ind":if(n.explicitKey)if(n.sep)if(n.value)e.items.push({start:[],
key:null,sep:[this.sourceToken]});else if(wt(n.sep,"map-value-ind"))this.stack.push({type:"block-map",offset:this.offset,
indent:this.indent,items:[{start:i,key:null,sep:[this.sourceToken]}]});else if(em(n.key)&&!wt(n.sep,"newline")){let s=pn(
n.start),a=n.key,c=n.sep;c.push(this.sourceToken),delete n.key,delete n.sep,this.stack.push({type:"block-map",offset:this.
offset,indent:this.indent,items:[{start:s,key:a,sep:c}]})}else i.length>0?n.sep=n.sep.concat(i,this.sourceToken):n.sep.push(
this.sourceToken);else if(wt(n.start,"newline"))Object.assign(n,{key:null,sep:[this.sourceToken]});else{let s=pn(n.start);
this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:s,key:null,sep:[this.sourceToken]}]})}else
n.sep?n.value||o?e.items.push({start:i,key:null,sep:[this.sourceToken]}):wt(n.sep,"map-value-ind")?this.stack.push({type:"\
block-map",offset:this.offset,indent:this.indent,items:[{start:[],key:null,sep:[this.sourceToken]}]}):n.sep.push(this.sourceToken):
Object.assign(n,{key:null,sep:[this.sourceToken]});this.onKeyLine=!0;return;case"alias":case"scalar":case"single-quoted-\
scalar":case"double-quoted-scalar":{let s=this.flowScalar(this.type);o||n.value?(e.items.push({start:i,key:s,sep:[]}),this.
onKeyLine=!0):n.sep?this.stack.push(s):(Object.assign(n,{key:s,sep:[]}),this.onKeyLine=!0);return}default:{let s=this.startBlockValue(
e);if(s){if(s.type==="block-seq"){if(!n.explicitKey&&n.sep&&!wt(n.sep,"newline")){yield*this.pop({type:"error",offset:this.
offset,message:"Unexpected block-seq-ind on same line with key",source:this.source});return}}else r&&e.items.push({start:i});
this.stack.push(s);return}}}}yield*this.pop(),yield*this.step()}*blockSequence(e){let n=e.items[e.items.length-1];switch(this.
type){case"newline":if(n.value){let r="end"in n.value?n.value.end:void 0;(Array.isArray(r)?r[r.length-1]:void 0)?.type===
"comment"?r?.push(this.sourceToken):e.items.push({start:[this.sourceToken]})}else n.start.push(this.sourceToken);return;case"\
space":case"comment":if(n.value)e.items.push({start:[this.sourceToken]});else{if(this.atIndentedComment(n.start,e.indent)){
let o=e.items[e.items.length-2]?.value?.end;if(Array.isArray(o)){$i(o,n.start),o.push(this.sourceToken),e.items.pop();return}}
n.start.push(this.sourceToken)}return;case"anchor":case"tag":if(n.value||this.indent<=e.indent)break;n.start.push(this.sourceToken);
return;case"seq-item-ind":if(this.indent!==e.indent)break;n.value||wt(n.start,"seq-item-ind")?e.items.push({start:[this.
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
"flow-collection"){let o=Pi(r),i=pn(o);Zh(e);let s=e.end.splice(1,e.end.length);s.push(this.sourceToken);let a={type:"bl\
ock-map",offset:e.offset,indent:e.indent,items:[{start:i,key:e,sep:s}]};this.onKeyLine=!0,this.stack[this.stack.length-1]=
a}else yield*this.lineEnd(e)}}flowScalar(e){if(this.onNewLine){let n=this.source.indexOf(`
`)+1;for(;n!==0;)this.onNewLine(this.offset+n),n=this.source.indexOf(`
`,n)+1}return{type:e,offset:this.offset,indent:this.indent,source:this.source}}startBlockValue(e){switch(this.type){case"\
alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":return this.flowScalar(this.type);case"block-s\
calar-header":return{type:"block-scalar",offset:this.offset,indent:this.indent,props:[this.sourceToken],source:""};case"\
flow-map-start":case"flow-seq-start":return{type:"flow-collection",offset:this.offset,indent:this.indent,start:this.sourceToken,
items:[],end:[]};case"seq-item-ind":return{type:"block-seq",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken]}]};case"\
explicit-key-ind":{this.onKeyLine=!0;let n=Pi(e),r=pn(n);return r.push(this.sourceToken),{type:"block-map",offset:this.offset,
indent:this.indent,items:[{start:r,explicitKey:!0}]}}case"map-value-ind":{this.onKeyLine=!0;let n=Pi(e),r=pn(n);return{type:"\
block-map",offset:this.offset,indent:this.indent,items:[{start:r,key:null,sep:[this.sourceToken]}]}}}return null}atIndentedComment(e,n){
return this.type!=="comment"||this.indent<=n?!1:e.every(r=>r.type==="newline"||r.type==="space")}*documentEnd(e){this.type!==
"doc-mode"&&(e.end?e.end.push(this.sourceToken):e.end=[this.sourceToken],this.type==="newline"&&(yield*this.pop()))}*lineEnd(e){
switch(this.type){case"comma":case"doc-start":case"doc-end":case"flow-seq-end":case"flow-map-end":case"map-value-ind":yield*this.
pop(),yield*this.step();break;case"newline":this.onKeyLine=!1;default:e.end?e.end.push(this.sourceToken):e.end=[this.sourceToken],
this.type==="newline"&&(yield*this.pop())}}};tm.Parser=Dc});var sm=x(Tr=>{"use strict";l();var nm=_c(),mO=mr(),Ar=wr(),yO=Aa(),gO=U(),wO=jc(),rm=qc();function om(t){let e=t.prettyErrors!==
!1;return{lineCounter:t.lineCounter||e&&new wO.LineCounter||null,prettyErrors:e}}function bO(t,e={}){let{lineCounter:n,prettyErrors:r}=om(
e),o=new rm.Parser(n?.addNewLine),i=new nm.Composer(e),s=Array.from(i.compose(o.parse(t)));if(r&&n)for(let a of s)a.errors.
forEach(Ar.prettifyError(t,n)),a.warnings.forEach(Ar.prettifyError(t,n));return s.length>0?s:Object.assign([],{empty:!0},
i.streamInfo())}function im(t,e={}){let{lineCounter:n,prettyErrors:r}=om(e),o=new rm.Parser(n?.addNewLine),i=new nm.Composer(
e),s=null;for(let a of i.compose(o.parse(t),!0,t.length))if(!s)s=a;else if(s.options.logLevel!=="silent"){s.errors.push(
new Ar.YAMLParseError(a.range.slice(0,2),"MULTIPLE_DOCS","Source contains multiple documents; please use YAML.parseAllDo\
cuments()"));break}return r&&n&&(s.errors.forEach(Ar.prettifyError(t,n)),s.warnings.forEach(Ar.prettifyError(t,n))),s}function SO(t,e,n){
let r;typeof e=="function"?r=e:n===void 0&&e&&typeof e=="object"&&(n=e);let o=im(t,n);if(!o)return null;if(o.warnings.forEach(
i=>yO.warn(o.options.logLevel,i)),o.errors.length>0){if(o.options.logLevel!=="silent")throw o.errors[0];o.errors=[]}return o.
toJS(Object.assign({reviver:r},n))}function kO(t,e,n){let r=null;if(typeof e=="function"||Array.isArray(e)?r=e:n===void 0&&
e&&(n=e),typeof n=="string"&&(n=n.length),typeof n=="number"){let o=Math.round(n);n=o<1?void 0:o>8?{indent:8}:{indent:o}}
if(t===void 0){let{keepUndefined:o}=n??e??{};if(!o)return}return gO.isDocument(t)&&!r?t.toString(n):new mO.Document(t,r,
n).toString(n)}Tr.parse=SO;Tr.parseAllDocuments=bO;Tr.parseDocument=im;Tr.stringify=kO});var Fc=x(G=>{"use strict";l();var EO=_c(),AO=mr(),TO=ic(),Uc=wr(),_O=Zn(),bt=U(),OO=ht(),xO=te(),vO=yt(),RO=gt(),CO=Ii(),
IO=Lc(),NO=jc(),PO=qc(),Li=sm(),am=Jn();G.Composer=EO.Composer;G.Document=AO.Document;G.Schema=TO.Schema;G.YAMLError=Uc.
YAMLError;G.YAMLParseError=Uc.YAMLParseError;G.YAMLWarning=Uc.YAMLWarning;G.Alias=_O.Alias;G.isAlias=bt.isAlias;G.isCollection=
bt.isCollection;G.isDocument=bt.isDocument;G.isMap=bt.isMap;G.isNode=bt.isNode;G.isPair=bt.isPair;G.isScalar=bt.isScalar;
G.isSeq=bt.isSeq;G.Pair=OO.Pair;G.Scalar=xO.Scalar;G.YAMLMap=vO.YAMLMap;G.YAMLSeq=RO.YAMLSeq;G.CST=CO;G.Lexer=IO.Lexer;G.
LineCounter=NO.LineCounter;G.Parser=PO.Parser;G.parse=Li.parse;G.parseAllDocuments=Li.parseAllDocuments;G.parseDocument=
Li.parseDocument;G.stringify=Li.stringify;G.visit=am.visit;G.visitAsync=am.visitAsync});var ny,ce,Vi=O(()=>{l();ny=require("node:process"),ce=ny,{}=ny});function al(t,e="and"){return t.length<3?t.join(` ${e} `):`${t.slice(0,-1).join(", ")}, ${e} ${t[t.length-1]}`}function Oe(t,e,n){
return iy.set(t,e),Ux(n,t)}function Ux(t,e){return n;function n(...r){let o=Error.stackTraceLimit;cl()&&(Error.stackTraceLimit=
0);let i=new t;cl()&&(Error.stackTraceLimit=o);let s=Kx(e,r,i);return Object.defineProperties(i,{message:{value:s,enumerable:!1,
writable:!0,configurable:!0},toString:{value(){return`${this.name} [${e}]: ${this.message}`},enumerable:!1,writable:!0,configurable:!0}}),
Bx(i),i.code=e,i}}function cl(){try{if(oy.default.startupSnapshot.isBuildingSnapshot())return!1}catch{}let t=Object.getOwnPropertyDescriptor(
Error,"stackTraceLimit");return t===void 0?Object.isExtensible(Error):Mx.call(t,"writable")&&t.writable!==void 0?t.writable:
t.set!==void 0}function Fx(t){let e=qx+t.name;return Object.defineProperty(t,"name",{value:e}),t}function Kx(t,e,n){let r=iy.
get(t);if(St.default.ok(r!==void 0,"expected `message` to be found"),typeof r=="function")return St.default.ok(r.length<=
e.length,`Code: ${t}; The provided arguments length (${e.length}) does not match the required ones (${r.length}).`),Reflect.
apply(r,n,e);let o=/%[dfijoOs]/g,i=0;for(;o.exec(r)!==null;)i++;return St.default.ok(i===e.length,`Code: ${t}; The provi\
ded arguments length (${e.length}) does not match the required ones (${i}).`),e.length===0?r:(e.unshift(r),Reflect.apply(
mn.format,null,e))}function Hx(t){if(t==null)return String(t);if(typeof t=="function"&&t.name)return`function ${t.name}`;
if(typeof t=="object")return t.constructor&&t.constructor.name?`an instance of ${t.constructor.name}`:`${(0,mn.inspect)(
t,{depth:-1})}`;let e=(0,mn.inspect)(t,{colors:!1});return e.length>28&&(e=`${e.slice(0,25)}...`),`type ${typeof t} (${e}\
)`}var oy,St,mn,Mx,jx,Dx,ee,iy,qx,ry,Bx,Rr=O(()=>{l();oy=xe(require("node:v8"),1),St=xe(require("node:assert"),1),mn=require("node:util"),
Mx={}.hasOwnProperty,jx=/^([A-Z][a-z\d]*)+$/,Dx=new Set(["string","function","number","object","Function","Object","bool\
ean","bigint","symbol"]),ee={};iy=new Map,qx="__node_internal_";ee.ERR_INVALID_ARG_TYPE=Oe("ERR_INVALID_ARG_TYPE",(t,e,n)=>{
St.default.ok(typeof t=="string","'name' must be a string"),Array.isArray(e)||(e=[e]);let r="The ";if(t.endsWith(" argum\
ent"))r+=`${t} `;else{let a=t.includes(".")?"property":"argument";r+=`"${t}" ${a} `}r+="must be ";let o=[],i=[],s=[];for(let a of e)
St.default.ok(typeof a=="string","All expected entries have to be of type string"),Dx.has(a)?o.push(a.toLowerCase()):jx.
exec(a)===null?(St.default.ok(a!=="object",'The value "object" should be written as "Object"'),s.push(a)):i.push(a);if(i.
length>0){let a=o.indexOf("object");a!==-1&&(o.slice(a,1),i.push("Object"))}return o.length>0&&(r+=`${o.length>1?"one of\
 type":"of type"} ${al(o,"or")}`,(i.length>0||s.length>0)&&(r+=" or ")),i.length>0&&(r+=`an instance of ${al(i,"or")}`,s.
length>0&&(r+=" or ")),s.length>0&&(s.length>1?r+=`one of ${al(s,"or")}`:(s[0].toLowerCase()!==s[0]&&(r+="an "),r+=`${s[0]}`)),
r+=`. Received ${Hx(n)}`,r},TypeError);ee.ERR_INVALID_MODULE_SPECIFIER=Oe("ERR_INVALID_MODULE_SPECIFIER",(t,e,n=void 0)=>`\
Invalid module "${t}" ${e}${n?` imported from ${n}`:""}`,TypeError);ee.ERR_INVALID_PACKAGE_CONFIG=Oe("ERR_INVALID_PACKAG\
E_CONFIG",(t,e,n)=>`Invalid package config ${t}${e?` while importing ${e}`:""}${n?`. ${n}`:""}`,Error);ee.ERR_INVALID_PACKAGE_TARGET=
Oe("ERR_INVALID_PACKAGE_TARGET",(t,e,n,r=!1,o=void 0)=>{let i=typeof n=="string"&&!r&&n.length>0&&!n.startsWith("./");return e===
"."?(St.default.ok(r===!1),`Invalid "exports" main target ${JSON.stringify(n)} defined in the package config ${t}package\
.json${o?` imported from ${o}`:""}${i?'; targets must start with "./"':""}`):`Invalid "${r?"imports":"exports"}" target ${JSON.
stringify(n)} defined for '${e}' in the package config ${t}package.json${o?` imported from ${o}`:""}${i?'; targets must \
start with "./"':""}`},Error);ee.ERR_MODULE_NOT_FOUND=Oe("ERR_MODULE_NOT_FOUND",(t,e,n=!1)=>`Cannot find ${n?"module":"p\
ackage"} '${t}' imported from ${e}`,Error);ee.ERR_NETWORK_IMPORT_DISALLOWED=Oe("ERR_NETWORK_IMPORT_DISALLOWED","import o\
f '%s' by %s is not supported: %s",Error);ee.ERR_PACKAGE_IMPORT_NOT_DEFINED=Oe("ERR_PACKAGE_IMPORT_NOT_DEFINED",(t,e,n)=>`\
Package import specifier "${t}" is not defined${e?` in package ${e}package.json`:""} imported from ${n}`,TypeError);ee.ERR_PACKAGE_PATH_NOT_EXPORTED=
Oe("ERR_PACKAGE_PATH_NOT_EXPORTED",(t,e,n=void 0)=>e==="."?`No "exports" main defined in ${t}package.json${n?` imported \
from ${n}`:""}`:`Package subpath '${e}' is not defined by "exports" in ${t}package.json${n?` imported from ${n}`:""}`,Error);
ee.ERR_UNSUPPORTED_DIR_IMPORT=Oe("ERR_UNSUPPORTED_DIR_IMPORT","Directory import '%s' is not supported resolving ES modul\
es imported from %s",Error);ee.ERR_UNSUPPORTED_RESOLVE_REQUEST=Oe("ERR_UNSUPPORTED_RESOLVE_REQUEST",'Failed to resolve m\
odule specifier "%s" from "%s": Invalid relative URL or base scheme is not hierarchical.',TypeError);ee.ERR_UNKNOWN_FILE_EXTENSION=
Oe("ERR_UNKNOWN_FILE_EXTENSION",(t,e)=>`Unknown file extension "${t}" for ${e}`,TypeError);ee.ERR_INVALID_ARG_VALUE=Oe("\
ERR_INVALID_ARG_VALUE",(t,e,n="is invalid")=>{let r=(0,mn.inspect)(e);return r.length>128&&(r=`${r.slice(0,128)}...`),`T\
he ${t.includes(".")?"property":"argument"} '${t}' ${n}. Received ${r}`},TypeError);Bx=Fx(function(t){let e=cl();return e&&
(ry=Error.stackTraceLimit,Error.stackTraceLimit=Number.POSITIVE_INFINITY),Error.captureStackTrace(t),e&&(Error.stackTraceLimit=
ry),t})});function ll(t,{base:e,specifier:n}){let r=sy.get(t);if(r)return r;let o;try{o=ay.default.readFileSync(cy.default.toNamespacedPath(
t),"utf8")}catch(s){let a=s;if(a.code!=="ENOENT")throw a}let i={exists:!1,pjsonPath:t,main:void 0,name:void 0,type:"none",
exports:void 0,imports:void 0};if(o!==void 0){let s;try{s=JSON.parse(o)}catch(a){let c=a,u=new Gx(t,(e?`"${n}" from `:"")+
(0,Ji.fileURLToPath)(e||n),c.message);throw u.cause=c,u}i.exists=!0,Cr.call(s,"name")&&typeof s.name=="string"&&(i.name=
s.name),Cr.call(s,"main")&&typeof s.main=="string"&&(i.main=s.main),Cr.call(s,"exports")&&(i.exports=s.exports),Cr.call(
s,"imports")&&(i.imports=s.imports),Cr.call(s,"type")&&(s.type==="commonjs"||s.type==="module")&&(i.type=s.type)}return sy.
set(t,i),i}function zi(t){let e=new URL("package.json",t);for(;!e.pathname.endsWith("node_modules/package.json");){let o=ll(
(0,Ji.fileURLToPath)(e),{specifier:t});if(o.exists)return o;let i=e;if(e=new URL("../package.json",e),e.pathname===i.pathname)
break}return{pjsonPath:(0,Ji.fileURLToPath)(e),exists:!1,type:"none"}}function ul(t){return zi(t).type}var ay,cy,Ji,Cr,Gx,
sy,fl=O(()=>{l();ay=xe(require("node:fs"),1),cy=xe(require("node:path"),1),Ji=require("node:url");Rr();Cr={}.hasOwnProperty,
{ERR_INVALID_PACKAGE_CONFIG:Gx}=ee,sy=new Map});function Jx(t){return t&&/\s*(text|application)\/javascript\s*(;\s*charset=utf-?8\s*)?/i.test(t)?"module":t==="applicati\
on/json"?"json":null}function zx(t){let{1:e}=/^([^/]+\/[^;,]+)[^,]*?(;base64)?,/.exec(t.pathname)||[null,null,null];return Jx(
e)}function Xx(t){let e=t.pathname,n=e.length;for(;n--;){let r=e.codePointAt(n);if(r===47)return"";if(r===46)return e.codePointAt(
n-1)===47?"":e.slice(n)}return""}function Qx(t,e,n){let r=Xx(t);if(r===".js"){let s=ul(t);return s!=="none"?s:"commonjs"}
if(r===""){let s=ul(t);return s==="none"||s==="commonjs"?"commonjs":"module"}let o=Vx[r];if(o)return o;if(n)return;let i=(0,fy.fileURLToPath)(
t);throw new Yx(r,i)}function uy(){}function dl(t,e){let n=t.protocol;return Wx.call(ly,n)&&ly[n](t,e,!0)||null}var fy,Yx,
Wx,Vx,ly,dy=O(()=>{l();fy=require("node:url");fl();Rr();({ERR_UNKNOWN_FILE_EXTENSION:Yx}=ee),Wx={}.hasOwnProperty,Vx={__proto__:null,
".cjs":"commonjs",".js":"module",".json":"json",".mjs":"module"};ly={__proto__:null,"data:":zx,"file:":Qx,"http:":uy,"ht\
tps:":uy,"node:"(){return"builtin"}}});function tv(){return py}function nv(){return ev}function pl(t){if(t!==void 0&&t!==tv()){if(!Array.isArray(t))throw new Zx(
"conditions",t,"expected an array");return new Set(t)}return nv()}var Zx,py,ev,hy=O(()=>{l();Rr();({ERR_INVALID_ARG_VALUE:Zx}=
ee),py=Object.freeze(["node","import"]),ev=new Set(py)});function by(t,e,n,r,o,i,s){if(ce.noDeprecation)return;let a=(0,F.fileURLToPath)(r),c=lv.exec(s?t:e)!==null;ce.emitWarning(
`Use of deprecated ${c?"double slash":"leading or trailing slash matching"} resolving "${t}" for module request "${e}" ${e===
n?"":`matched to "${n}" `}in the "${o?"imports":"exports"}" field module resolution of the package at ${a}${i?` imported\
 from ${(0,F.fileURLToPath)(i)}`:""}.`,"DeprecationWarning","DEP0166")}function Sy(t,e,n,r){if(ce.noDeprecation||dl(t,{parentURL:n.
href})!=="module")return;let i=(0,F.fileURLToPath)(t.href),s=(0,F.fileURLToPath)(new URL(".",e)),a=(0,F.fileURLToPath)(n);
r?wl.default.resolve(s,r)!==i&&ce.emitWarning(`Package ${s} has a "main" field set to "${r}", excluding the full filenam\
e and extension to the resolved file at "${i.slice(s.length)}", imported from ${a}.
 Automatic extension resolution of the "main" field is deprecated for ES modules.`,"DeprecationWarning","DEP0151"):ce.emitWarning(
`No "main" or "exports" field defined in the package.json for ${s} resolving the main entry point "${i.slice(s.length)}"\
, imported from ${a}.
Default "index" lookups for the main are deprecated for ES modules.`,"DeprecationWarning","DEP0151")}function Ty(t){try{
return(0,Nr.statSync)(t)}catch{}}function ml(t){let e=(0,Nr.statSync)(t,{throwIfNoEntry:!1}),n=e?e.isFile():void 0;return n??
!1}function uv(t,e,n){let r;if(e.main!==void 0){if(r=new URL(e.main,t),ml(r))return r;let s=[`./${e.main}.js`,`./${e.main}\
.json`,`./${e.main}.node`,`./${e.main}/index.js`,`./${e.main}/index.json`,`./${e.main}/index.node`],a=-1;for(;++a<s.length&&
(r=new URL(s[a],t),!ml(r));)r=void 0;if(r)return Sy(r,t,n,e.main),r}let o=["./index.js","./index.json","./index.node"],i=-1;
for(;++i<o.length&&(r=new URL(o[i],t),!ml(r));)r=void 0;if(r)return Sy(r,t,n,e.main),r;throw new bl((0,F.fileURLToPath)(
new URL(".",t)),(0,F.fileURLToPath)(n))}function fv(t,e,n){if(cv.exec(t.pathname)!==null)throw new es(t.pathname,'must n\
ot include encoded "/" or "\\" characters',(0,F.fileURLToPath)(e));let r;try{r=(0,F.fileURLToPath)(t)}catch(i){let s=i;throw Object.
defineProperty(s,"input",{value:String(t)}),Object.defineProperty(s,"module",{value:String(e)}),s}let o=Ty(r.endsWith("/")?
r.slice(-1):r);if(o&&o.isDirectory()){let i=new sv(r,(0,F.fileURLToPath)(e));throw i.url=String(t),i}if(!o||!o.isFile()){
let i=new bl(r||t.pathname,e&&(0,F.fileURLToPath)(e),!0);throw i.url=String(t),i}if(!n){let i=(0,Nr.realpathSync)(r),{search:s,
hash:a}=t;t=(0,F.pathToFileURL)(i+(r.endsWith(wl.default.sep)?"/":"")),t.search=s,t.hash=a}return t}function dv(t,e,n){return new ov(
t,e&&(0,F.fileURLToPath)(new URL(".",e)),(0,F.fileURLToPath)(n))}function yl(t,e,n){return new iv((0,F.fileURLToPath)(new URL(
".",e)),t,n&&(0,F.fileURLToPath)(n))}function pv(t,e,n,r,o){let i=`request is not a valid match in pattern "${e}" for th\
e "${r?"imports":"exports"}" resolution of ${(0,F.fileURLToPath)(n)}`;throw new es(t,i,o&&(0,F.fileURLToPath)(o))}function Ir(t,e,n,r,o){
return e=typeof e=="object"&&e!==null?JSON.stringify(e,null,""):`${e}`,new rv((0,F.fileURLToPath)(new URL(".",n)),t,e,r,
o&&(0,F.fileURLToPath)(o))}function hv(t,e,n,r,o,i,s,a,c){if(e!==""&&!i&&t[t.length-1]!=="/")throw Ir(n,t,r,s,o);if(!t.startsWith(
"./")){if(s&&!t.startsWith("../")&&!t.startsWith("/")){let p=!1;try{new URL(t),p=!0}catch{}if(!p){let y=i?Xi.call(Qi,t,()=>e):
t+e;return Oy(y,r,c)}}throw Ir(n,t,r,s,o)}if(yy.exec(t.slice(2))!==null)if(gy.exec(t.slice(2))===null){if(!a){let p=i?n.
replace("*",()=>e):n+e,y=i?Xi.call(Qi,t,()=>e):t;by(y,p,n,r,s,o,!0)}}else throw Ir(n,t,r,s,o);let u=new URL(t,r),d=u.pathname,
f=new URL(".",r).pathname;if(!d.startsWith(f))throw Ir(n,t,r,s,o);if(e==="")return u;if(yy.exec(e)!==null){let p=i?n.replace(
"*",()=>e):n+e;if(gy.exec(e)===null){if(!a){let y=i?Xi.call(Qi,t,()=>e):t;by(y,p,n,r,s,o,!1)}}else pv(p,n,r,s,o)}return i?
new URL(Xi.call(Qi,u.href,()=>e)):new URL(e,u)}function mv(t){let e=Number(t);return`${e}`!==t?!1:e>=0&&e<4294967295}function yn(t,e,n,r,o,i,s,a,c){
if(typeof e=="string")return hv(e,n,r,t,o,i,s,a,c);if(Array.isArray(e)){let u=e;if(u.length===0)return null;let d,f=-1;for(;++f<
u.length;){let p=u[f],y;try{y=yn(t,p,n,r,o,i,s,a,c)}catch(k){let w=k;if(d=w,w.code==="ERR_INVALID_PACKAGE_TARGET")continue;
throw k}if(y!==void 0){if(y===null){d=null;continue}return y}}if(d==null)return null;throw d}if(typeof e=="object"&&e!==
null){let u=Object.getOwnPropertyNames(e),d=-1;for(;++d<u.length;){let f=u[d];if(mv(f))throw new Ey((0,F.fileURLToPath)(
t),o,'"exports" cannot contain numeric property keys.')}for(d=-1;++d<u.length;){let f=u[d];if(f==="default"||c&&c.has(f)){
let p=e[f],y=yn(t,p,n,r,o,i,s,a,c);if(y===void 0)continue;return y}}return null}if(e===null)return null;throw Ir(r,e,t,s,
o)}function yv(t,e,n){if(typeof t=="string"||Array.isArray(t))return!0;if(typeof t!="object"||t===null)return!1;let r=Object.
getOwnPropertyNames(t),o=!1,i=0,s=-1;for(;++s<r.length;){let a=r[s],c=a===""||a[0]!==".";if(i++===0)o=c;else if(o!==c)throw new Ey(
(0,F.fileURLToPath)(e),n,`"exports" cannot contain some keys starting with '.' and some not. The exports object must eit\
her be an object of package subpath keys or an object of main entry condition name keys only.`)}return o}function gv(t,e,n){
if(ce.noDeprecation)return;let r=(0,F.fileURLToPath)(e);wy.has(r+"|"+t)||(wy.add(r+"|"+t),ce.emitWarning(`Use of depreca\
ted trailing slash pattern mapping "${t}" in the "exports" field module resolution of the package at ${r}${n?` imported \
from ${(0,F.fileURLToPath)(n)}`:""}. Mapping specifiers ending in "/" is no longer supported.`,"DeprecationWarning","DEP\
0155"))}function ky(t,e,n,r,o){let i=n.exports;if(yv(i,t,r)&&(i={".":i}),Ay.call(i,e)&&!e.includes("*")&&!e.endsWith("/")){
let d=i[e],f=yn(t,d,"",e,r,!1,!1,!1,o);if(f==null)throw yl(e,t,r);return f}let s="",a="",c=Object.getOwnPropertyNames(i),
u=-1;for(;++u<c.length;){let d=c[u],f=d.indexOf("*");if(f!==-1&&e.startsWith(d.slice(0,f))){e.endsWith("/")&&gv(e,t,r);let p=d.
slice(f+1);e.length>=d.length&&e.endsWith(p)&&_y(s,d)===1&&d.lastIndexOf("*")===f&&(s=d,a=e.slice(f,e.length-p.length))}}
if(s){let d=i[s],f=yn(t,d,a,s,r,!0,!1,e.endsWith("/"),o);if(f==null)throw yl(e,t,r);return f}throw yl(e,t,r)}function _y(t,e){
let n=t.indexOf("*"),r=e.indexOf("*"),o=n===-1?t.length:n+1,i=r===-1?e.length:r+1;return o>i?-1:i>o||n===-1?1:r===-1||t.
length>e.length?-1:e.length>t.length?1:0}function wv(t,e,n){if(t==="#"||t.startsWith("#/")||t.endsWith("/")){let i="is n\
ot a valid internal imports specifier name";throw new es(t,i,(0,F.fileURLToPath)(e))}let r,o=zi(e);if(o.exists){r=(0,F.pathToFileURL)(
o.pjsonPath);let i=o.imports;if(i)if(Ay.call(i,t)&&!t.includes("*")){let s=yn(r,i[t],"",t,e,!1,!0,!1,n);if(s!=null)return s}else{
let s="",a="",c=Object.getOwnPropertyNames(i),u=-1;for(;++u<c.length;){let d=c[u],f=d.indexOf("*");if(f!==-1&&t.startsWith(
d.slice(0,-1))){let p=d.slice(f+1);t.length>=d.length&&t.endsWith(p)&&_y(s,d)===1&&d.lastIndexOf("*")===f&&(s=d,a=t.slice(
f,t.length-p.length))}}if(s){let d=i[s],f=yn(r,d,a,s,e,!0,!0,!1,n);if(f!=null)return f}}}throw dv(t,r,e)}function bv(t,e){
let n=t.indexOf("/"),r=!0,o=!1;t[0]==="@"&&(o=!0,n===-1||t.length===0?r=!1:n=t.indexOf("/",n+1));let i=n===-1?t:t.slice(
0,n);if(av.exec(i)!==null&&(r=!1),!r)throw new es(t,"is not a valid package name",(0,F.fileURLToPath)(e));let s="."+(n===
-1?"":t.slice(n));return{packageName:i,packageSubpath:s,isScoped:o}}function Oy(t,e,n){if(Zi.builtinModules.includes(t))
return new URL("node:"+t);let{packageName:r,packageSubpath:o,isScoped:i}=bv(t,e),s=zi(e);if(s.exists){let d=(0,F.pathToFileURL)(
s.pjsonPath);if(s.name===r&&s.exports!==void 0&&s.exports!==null)return ky(d,o,s,e,n)}let a=new URL("./node_modules/"+r+
"/package.json",e),c=(0,F.fileURLToPath)(a),u;do{let d=Ty(c.slice(0,-13));if(!d||!d.isDirectory()){u=c,a=new URL((i?"../\
../../../node_modules/":"../../../node_modules/")+r+"/package.json",a),c=(0,F.fileURLToPath)(a);continue}let f=ll(c,{base:e,
specifier:t});return f.exports!==void 0&&f.exports!==null?ky(a,o,f,e,n):o==="."?uv(a,f,e):new URL(o,a)}while(c.length!==
u.length);throw new bl(r,(0,F.fileURLToPath)(e),!1)}function Sv(t){return t[0]==="."&&(t.length===1||t[1]==="/"||t[1]===
"."&&(t.length===2||t[2]==="/"))}function Sl(t){return t===""?!1:t[0]==="/"?!0:Sv(t)}function kl(t,e,n,r){n===void 0&&(n=
pl());let o=e.protocol,s=o==="data:"||o==="http:"||o==="https:",a;if(Sl(t))try{a=new URL(t,e)}catch(c){let u=new my(t,e);
throw u.cause=c,u}else if(o==="file:"&&t[0]==="#")a=wv(t,e,n);else try{a=new URL(t)}catch(c){if(s&&!Zi.builtinModules.includes(
t)){let u=new my(t,e);throw u.cause=c,u}a=Oy(t,e,n)}return gl.default.ok(a!==void 0,"expected to be defined"),a.protocol!==
"file:"?a:fv(a,e,r)}function kv(t,e,n){if(n){let r=n.protocol;if(r==="http:"||r==="https:"){if(Sl(t)){let o=e?.protocol;
if(o&&o!=="https:"&&o!=="http:")throw new hl(t,n,"remote imports cannot import from a local location.");return{url:e?.href||
""}}throw Zi.builtinModules.includes(t)?new hl(t,n,"remote imports cannot import from a local location."):new hl(t,n,"on\
ly relative and absolute specifiers are supported.")}}}function Ev(t){return!!(t&&typeof t=="object"&&"href"in t&&typeof t.
href=="string"&&"protocol"in t&&typeof t.protocol=="string"&&t.href&&t.protocol)}function Av(t){if(t!==void 0&&typeof t!=
"string"&&!Ev(t))throw new ee.ERR_INVALID_ARG_TYPE("parentURL",["string","URL"],t)}function xy(t,e={}){let{parentURL:n}=e;
gl.default.ok(n!==void 0,"expected `parentURL` to be defined"),Av(n);let r;if(n)try{r=new URL(n)}catch{}let o,i;try{if(o=
Sl(t)?new URL(t,r):new URL(t),i=o.protocol,i==="data:")return{url:o.href,format:null}}catch{}let s=kv(t,o,r);if(s)return s;
if(i===void 0&&o&&(i=o.protocol),i==="node:")return{url:t};if(o&&o.protocol==="node:")return{url:t};let a=pl(e.conditions),
c=kl(t,new URL(n),a,!1);return{url:c.href,format:dl(c,{parentURL:n})}}var gl,Nr,F,wl,Zi,Xi,hl,es,Ey,rv,bl,ov,iv,sv,my,Ay,
yy,gy,av,Qi,cv,wy,lv,El=O(()=>{l();gl=xe(require("node:assert"),1),Nr=require("node:fs");Vi();F=require("node:url"),wl=xe(require("node:path"),1),
Zi=require("node:module");dy();Rr();fl();hy();Xi=RegExp.prototype[Symbol.replace],{ERR_NETWORK_IMPORT_DISALLOWED:hl,ERR_INVALID_MODULE_SPECIFIER:es,
ERR_INVALID_PACKAGE_CONFIG:Ey,ERR_INVALID_PACKAGE_TARGET:rv,ERR_MODULE_NOT_FOUND:bl,ERR_PACKAGE_IMPORT_NOT_DEFINED:ov,ERR_PACKAGE_PATH_NOT_EXPORTED:iv,
ERR_UNSUPPORTED_DIR_IMPORT:sv,ERR_UNSUPPORTED_RESOLVE_REQUEST:my}=ee,Ay={}.hasOwnProperty,yy=/(^|\\|\/)((\.|%2e)(\.|%2e)?|(n|%6e|%4e)(o|%6f|%4f)(d|%64|%44)(e|%65|%45)(_|%5f)(m|%6d|%4d)(o|%6f|%4f)(d|%64|%44)(u|%75|%55)(l|%6c|%4c)(e|%65|%45)(s|%73|%53))?(\\|\/|$)/i,
gy=/(^|\\|\/)((\.|%2e)(\.|%2e)?|(n|%6e|%4e)(o|%6f|%4f)(d|%64|%44)(e|%65|%45)(_|%5f)(m|%6d|%4d)(o|%6f|%4f)(d|%64|%44)(u|%75|%55)(l|%6c|%4c)(e|%65|%45)(s|%73|%53))(\\|\/|$)/i,
av=/^\.|%|\\/,Qi=/\*/g,cv=/%2f|%5c/i,wy=new Set,lv=/[/\\]{2}/});var vy={};$n(vy,{moduleResolve:()=>kl,resolve:()=>Tv});function Tv(t,e){if(!e)throw new Error("Please pass `parent`: `im\
port-meta-resolve` cannot ponyfill that");try{return xy(t,{parentURL:e}).url}catch(n){let r=n;if((r.code==="ERR_UNSUPPOR\
TED_DIR_IMPORT"||r.code==="ERR_MODULE_NOT_FOUND")&&typeof r.url=="string")return r.url;throw n}}var Ry=O(()=>{l();El();El()});function Py(t){let e={isConnected:!1,headersAt:z()},n=()=>{e.isConnected=!0},r=o=>o.connecting?o.once("connect",n):n();return t.
socket===null?t.once("socket",r):r(t.socket),t.once("response",()=>{e.headersAt=z()}),e}function $y(t){let e=t.end.bind(
t);t.end=(...n)=>{let r=n.at(-1);if(typeof r!="function")return e(...n);let o=i=>{i??r()};return e(...n.slice(0,-1),o)}}
function ns(t){return t===void 0?0:Math.floor((z()-t.headersAt)/1e3)*1e3}var Al=O(()=>{"use strict";l();st()});function rs(t){let e=process.getBuiltinModule("node:tls"),{getCACertificates:n}=e,r=n?.("default")??[...e.rootCertificates,
...Cv()],o=process.versions.bun===void 0?[]:n?.("system")??[];return[...r,...o,t]}function Cv(){try{return[(0,Ly.readFileSync)(
process.env.NODE_EXTRA_CA_CERTS??"","utf8")]}catch{return[]}}var Ly,Tl=O(()=>{"use strict";l();Ly=require("node:fs")});function Mt(t){let e=t!==void 0&&Iv.test(t)?Date.parse(t):NaN;return Number.isNaN(e)?void 0:e}var Iv,os=O(()=>{"use stri\
ct";l();Iv=/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/});function _l(t){return[t.headers,t.json,t.form].flatMap(e=>Object.values(e??{}).filter(n=>n instanceof L))}function $r(t){
let e=_l(t).flatMap($v),n=r=>nt(co(r,e));return r=>{if(!(typeof r!="string"||r.trim()===""))return n(Tt(n(Pv(r)))).slice(
0,Nv)||void 0}}function Pv(t){if(t.length<=My)return t;let e=t.slice(0,My);return e.slice(0,Math.max(0,e.search(/\s\S*$/)))}
function $v(t){let e=t.reveal(),n=e.replace(/^Bearer /,""),r=[new URLSearchParams({"":n}).toString().slice(1),encodeURIComponent(
n),JSON.stringify(n).slice(1,-1),Buffer.from(n).toString("base64").replace(/=+$/,"")];return[e,n,...r].map(o=>new L(o))}
var My,Nv,Ol=O(()=>{"use strict";l();H();My=4096,Nv=500});function Lv({host:t,port:e}){return`${(0,as.isIPv6)(t??"")?`[${t}]`:t}:${e}`}function Mv(t,{proxy:e,ca:n,signal:r,timeoutMs:o}){
let i=AbortSignal.timeout(o),s=e.hostname.replace(/^\[(.*)\]$/,"$1"),a={servername:(0,as.isIP)(s)?"":s,rejectUnauthorized:!0,
...n&&{ca:[...n]}},c={method:"CONNECT",host:s,port:e.port,path:t,agent:!1,headers:{host:t,...jv(e)},signal:AbortSignal.any(
[r,i]),...a};return new Promise((u,d)=>{let f=e.protocol==="https:"?(0,ss.request)(c):(0,jy.request)(c);f.on("connect",({
statusCode:p=0},y)=>{if(p===200)return u(y);y.destroy(),d(new bn(p>=500?xl:"EPROXYREFUSED",p))}),f.on("error",({code:p="\
unknown error"})=>{d(new bn(i.aborted?"ETIMEDOUT":p))}),f.end()})}function jv({username:t,password:e}){return t===""&&e===
""?{}:{"proxy-authorization":`Basic ${Buffer.from(`${decodeURIComponent(t)}:${decodeURIComponent(e)}`).toString("base64")}`}}
var jy,ss,as,xl,bn,is,cs=O(()=>{"use strict";l();jy=require("node:http"),ss=require("node:https"),as=require("node:net"),
xl="EPROXYFAILED",bn=class extends Error{constructor(n,r){super("the proxy would not connect");this.code=n;this.status=r}},
is=class extends ss.Agent{#e;constructor(e){super({keepAlive:!1}),this.#e=e}createConnection(e,n){let r=o=>super.createConnection(
{...e,socket:o});Mv(Lv(e),this.#e).then(r).then(o=>n?.(null,o),o=>n?.(o,void 0))}}});function jt(t){let{host:e,pathname:n}=new URL(t.url);return`${t.method} ${e}${n}`}function Dy(t,e,n){let{response:r,cause:o}=t,
i=(t.request?.retryCount??0)+1,s=i>1?` after ${i} attempts`:"";if(r!==void 0&&r.statusCode>=400)return Bv(s,e,Kv(r,e,ns(
n.attempt)));if(n.outOfTime||t.name==="TimeoutError")return qv(s,e,n);if(o instanceof bn)return Fv(o,e,s);let a=qy(t.code??
"unknown error");return new q(b`${jt(e)} failed${s}: ${By(a)} (${a}).`,Dv(a,n))}function qy(t){return t.startsWith("ERR_\
SSL_")?"EPROTO":t}function Dv(t,{attempt:e}){return e?.isConnected!==!0?"unreachable":t==="EPROTO"||t.startsWith("HPE_")?
"reply":"cut"}function qv(t,e,{outOfTime:n,attempt:r}){let o=jt(e);if(r?.isConnected!==!0)return new q(b`${o} failed${t}: no connection in time (ETIMEDOUT). Check the network and any proxy, or raise ${T(
"timeout")}.`,"unreachable");let i=n?"did not end within the time allowed":"did not answer in time";return new q(b`${o} ${i}${t}. Raise ${T(
"timeout")} if the service is just slow.`,"timeout")}function By(t){let e=Uy[t]??Uv[t];return e!==void 0?e:/CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO/.
test(t)?b`its certificate is not trusted. If a proxy or a private installation has an authority of its own, name its file in ${T(
"caFile")} or NODE_EXTRA_CA_CERTS`:"no usable answer"}function Fv({code:t,status:e},n,r){let o=qy(t),i=e===407?"it wants\
 a user and a password: write them into HTTPS_PROXY as http://user:password@host:port":"check HTTPS_PROXY, or name the h\
ost in NO_PROXY",s=e===void 0?b`: ${By(o)} (${o})`:` (HTTP ${e})`;return new q(b`${jt(n)} failed${r}: the proxy would not connect${s}; ${i}.`,
"unreachable")}function Bv(t,e,n){let r=[`HTTP ${n.status}`,...n.iamCode===void 0?[]:[`code ${n.iamCode}`],...n.requestId===
void 0?[]:[`request id ${n.requestId}`]],o=n.serviceMessage===void 0?"":`: ${n.serviceMessage.replace(/\.?$/,".")}`,i=o===
""?".":"";return new q(`${jt(e)} was refused${t} (${r.join(", ")})${o}${i}`,"status",n)}function Kv(t,e,n){let r=fe(String(
t.body))??{},o=$r(e),i=f=>[t.headers[f]].flat()[0],s=o(r.message??r.error_description??r.error),a=o(r.error),c=o(i("x-re\
quest-id")),u=Mt(i("date")),d=typeof r.code=="number"&&typeof r.message=="string";return{status:t.statusCode,...i("metad\
ata-flavor")==="Google"?{isMetadata:!0}:{},...d?{iamCode:r.code}:{},...a===void 0?{}:{oauthError:a},...s===void 0?{}:{serviceMessage:s},
...c===void 0?{}:{requestId:c},...u===void 0?{}:{serverTime:u+n}}}var Uy,Fy,Uv,vl=O(()=>{"use strict";l();M();Re();D();Al();
os();Ol();cs();Uy={ECONNREFUSED:"nothing listens there",ECONNRESET:"the connection was cut",ECONNABORTED:"the connection\
 was cut",EPIPE:"the connection was cut",ENOTFOUND:"there is no host of this name",EAI_AGAIN:"the name could not be look\
ed up",ENETUNREACH:"there is no way to this network",ENETDOWN:"this machine's network is down",EHOSTUNREACH:"there is no\
 way to this host",EHOSTDOWN:"this host is down",ETIMEDOUT:"no connection in time",EPROTO:"what answers there does not s\
peak TLS"},Fy=Object.keys(Uy).filter(t=>t!=="EPROTO"),Uv={CERT_HAS_EXPIRED:"its certificate has expired, or this host's \
clock is wrong",CERT_NOT_YET_VALID:"its certificate is not valid yet, or this host's clock is wrong",ERR_TLS_CERT_ALTNAME_INVALID:"\
its certificate is another host's: the address is wrong, or something answers in its place"}});function Ky(t,e,n){if(t.statusCode>=300)throw Yv(t,e);let r=Mt(t.headers.date);return{status:t.statusCode,get headers(){
return Gv(t,e)},body:new L(t.body),...r===void 0?{}:{serverTime:r},ageMs:n}}function Gv({headers:t},e){let n=$r(e),r=Hv.
flatMap(o=>{let i=n(t[o]);return i===void 0?[]:[[o,i]]});return Object.fromEntries(r)}function Yv(t,e){let n=Wv(t.headers.
location??"",e);return new q(b`${jt(e)} was answered with a redirect to ${n}, which is not followed: a credential goes only where it was meant to go. ${Hy}`,
"reply",{status:t.statusCode,...t.headers["metadata-flavor"]==="Google"?{isMetadata:!0}:{}})}function Wv(t,e){if(!URL.canParse(
t,e.url))return"an unknown place";let{host:n}=new URL(t,e.url),r=/^(?:[a-z][-+.\w]*:)?\/\/([^/?#]*)/i.exec(t)?.[1]??"";return r!==
""&&$r(e)(r)!==r?tt:_l(e).map(s=>s.reveal().toLowerCase()).flatMap(s=>s.split(/[^-\w]+/)).filter(s=>s.length>=16).some(s=>n.
includes(s))?tt:n}function Gy(t){return new q(b`${jt(t)} was answered with more than 64 KiB, which is no reply of Yandex Cloud. ${Hy}`,
"reply")}var Hv,Hy,Yy=O(()=>{"use strict";l();M();D();H();os();vl();Ol();Hv=["content-type","x-request-id","metadata-fla\
vor"];Hy=b`Check ${T("endpoint")}, ${T("iamEndpoint")} and any proxy.`});var Wy={};$n(Wy,{getProxyForUrl:()=>zv});function Jv(t){try{return new URL(t)}catch{return null}}function zv(t){var e=(typeof t==
"string"?Jv(t):t)||{},n=e.protocol,r=e.host,o=e.port;if(typeof r!="string"||!r||typeof n!="string"||(n=n.split(":",1)[0],
r=r.replace(/:\d*$/,""),o=parseInt(o)||Vv[n]||0,!Xv(r,o)))return"";var i=Rl(n+"_proxy")||Rl("all_proxy");return i&&i.indexOf(
"://")===-1&&(i=n+"://"+i),i}function Xv(t,e){var n=Rl("no_proxy").toLowerCase();return n?n==="*"?!1:n.split(/[,\s]/).every(
function(r){if(!r)return!0;var o=r.match(/^(.+):(\d+)$/),i=o?o[1]:r,s=o?parseInt(o[2]):0;return s&&s!==e?!0:/^[.*]/.test(
i)?(i.charAt(0)==="*"&&(i=i.slice(1)),!t.endsWith(i)):t!==i}):!0}function Rl(t){return process.env[t.toLowerCase()]||process.
env[t.toUpperCase()]||""}var Vv,Vy=O(()=>{"use strict";l();Vv={ftp:21,gopher:70,http:80,https:443,ws:80,wss:443}});function Qy(){let t={http:new zy.Agent(Jy),https:new Xy.Agent(Jy)};return async(e,n)=>{let r=await eR(e);return r===void 0?
t:{...t,https:oR(r,e,n)}}}async function eR({url:t}){if(!t.startsWith("https:"))return;let e=Qv.find(r=>Cl(r)!==""&&!tR(
r));if(e===void 0)return;let{getProxyForUrl:n}=await Promise.resolve().then(()=>(Vy(),Wy));return n(t)===""?void 0:nR(e)}
function tR(t){return/^all_proxy$/i.test(t)&&/^(?!https?:)[a-z][-+.\w]*:\/\//i.test(Cl(t))}function nR(t){let e=Cl(t),n=e.
includes("://")?e:`http://${e}`,r=URL.canParse(n)?new URL(n):void 0;if(r!==void 0&&/^https?:$/.test(r.protocol)&&r.hostname!==
""&&rR(r))return r;throw new N(`${t} is not the address of a proxy that can be used here: write http://host:port or http\
s://host:port; in a user or password, write % as %25.`,t)}function rR({username:t,password:e}){try{return decodeURIComponent(
t+e),!0}catch{return!1}}function oR(t,{ca:e},n){let r=e===void 0?{}:{ca:rs(e)};return new is({proxy:t,signal:n,timeoutMs:Zv,
...r})}var zy,Xy,Qv,Zv,Jy,Cl,Zy=O(()=>{"use strict";l();zy=require("node:http"),Xy=require("node:https");M();Tl();cs();Qv=
["https_proxy","HTTPS_PROXY","all_proxy","ALL_PROXY"],Zv=1e4,Jy={keepAlive:!0,scheduling:"lifo",timeout:5e3};Cl=t=>(process.
env[t]??"").trim()});function eg(t,e){let[n,r]=[t["retry-after"],t.date].map(i=>[i].flat()[0]?.trim());if(n!==void 0&&/^\d{1,12}$/.test(n))return Number(
n)*1e3;let o=Mt(n);return o===void 0?void 0:Math.max(0,o-(Mt(r)??e()))}var tg=O(()=>{"use strict";l();os()});function ng(t){return Object.keys(t)}var rg=O(()=>{l()});function iR(t){return sg.includes(t)}function sR(t){return ag.includes(t)}function aR(t){return cg.includes(t)}function og(t){
if(t===null)return"null";switch(typeof t){case"undefined":return"undefined";case"string":return"string";case"number":return Number.
isNaN(t)?"NaN":"number";case"boolean":return"boolean";case"function":return"Function";case"bigint":return"bigint";case"s\
ymbol":return"symbol";default:}if(fs(t))return"Observable";if(Ve(t))return"Array";if(Sn(t))return"Buffer";let e=B(t);if(e&&
e!=="Object")return e;if(lg(t))return"Promise";if(t instanceof String||t instanceof Boolean||t instanceof Number)throw new TypeError(
"Please don't use object wrappers for primitive types");return"Object"}function lg(t){return oe(t?.then)&&oe(t?.catch)}function ug(t){
return e=>jl(e)&&Math.abs(e%2)===t}function fg(t,e){if(t.length===0){if(!e)throw new TypeError("Invalid predicate array");
return}for(let n of t)if(!oe(n))throw new TypeError(`Invalid predicate: ${JSON.stringify(n)}`)}function dg(t,...e){if(Array.
isArray(t)){let n=t;fg(n,e.length===0);let r=o=>n.every(i=>i(o));return e.length===0?r:ls(Array.prototype.every,r,e)}return ls(
Array.prototype.every,t,e)}function Nl(t,...e){if(Array.isArray(t)){let n=t;fg(n,e.length===0);let r=o=>n.some(i=>i(o));
return e.length===0?r:ls(Array.prototype.some,r,e)}return ls(Array.prototype.some,t,e)}function cR(t,e){return Mr(t)||e(
t)}function Ve(t,e){return Array.isArray(t)?oe(e)?t.every(n=>e(n)):!0:!1}function pg(t){return B(t)==="ArrayBuffer"}function hg(t){
return!Fl(t)&&!oe(t)&&Gl(t.length)}function mg(t){return B(t)==="AsyncFunction"}function yg(t){return Pl(t)&&oe(t.next)&&
oe(t.throw)}function gg(t){return B(t)==="AsyncGeneratorFunction"}function Pl(t){return oe(t?.[Symbol.asyncIterator])}function wg(t){
return typeof t=="bigint"}function bg(t){return B(t)==="BigInt64Array"}function Sg(t){return B(t)==="BigUint64Array"}function kg(t){
return B(t)==="Blob"}function Eg(t){return t===!0||t===!1}function Ag(t){return oe(t)&&!Object.hasOwn(t,"prototype")}function Sn(t){
return t?.constructor?.isBuffer?.(t)??!1}function Tg(t){return oe(t)&&/^class(\s+|{)/.test(t.toString())}function _g(t){
return B(t)==="DataView"}function $l(t){return B(t)==="Date"}function Og(t,e){return t==null?!1:Object.getPrototypeOf(t)===
e.prototype}function xg(t){return Ve(t)&&t.length===0}function vg(t){return kn(t)&&t.size===0}function Rg(t){return An(t)&&
!kn(t)&&!Tn(t)&&Object.keys(t).length===0}function Cg(t){return Tn(t)&&t.size===0}function Ll(t){return qe(t)&&t.length===
0}function us(t){return Ll(t)||Yl(t)}function Ig(t,e){return Object.values(e).includes(t)}function Ng(t){return B(t)==="\
Error"}function Pg(t){return ug(0)(t)}function $g(t){return!t}function Lg(t){return B(t)==="Float32Array"}function Mg(t){
return B(t)==="Float64Array"}function jg(t){return B(t)==="FormData"}function oe(t){return typeof t=="function"}function Dg(t){
return Dl(t)&&oe(t?.next)&&oe(t?.throw)}function qg(t){return B(t)==="GeneratorFunction"}function Ml(t){return An(t)&&t.
nodeType===lR&&qe(t.nodeName)&&!Bl(t)&&uR.every(e=>e in t)}function Ug(t){return t===Number.POSITIVE_INFINITY||t===Number.
NEGATIVE_INFINITY}function Fg(t,e){if(En(e))return t>=Math.min(0,e)&&t<=Math.max(e,0);if(Ve(e)&&e.length===2)return t>=Math.
min(...e)&&t<=Math.max(...e);throw new TypeError(`Invalid range: ${JSON.stringify(e)}`)}function Bg(t){return B(t)==="In\
t16Array"}function Kg(t){return B(t)==="Int32Array"}function Hg(t){return B(t)==="Int8Array"}function jl(t){return Number.
isInteger(t)}function Dl(t){return oe(t?.[Symbol.iterator])}function kn(t){return B(t)==="Map"}function ql(t){return Number.
isNaN(t)}function Ul(t){return B(t)==="Promise"}function Gg(t){return En(t)&&t<0}function Yg(t){return An(t)&&oe(t.pipe)&&
!fs(t)}function Wg(t){return Ve(t)&&t.length>0}function Vg(t){return kn(t)&&t.size>0}function Jg(t){return An(t)&&!kn(t)&&
!Tn(t)&&Object.keys(t).length>0}function zg(t){return Tn(t)&&t.size>0}function Xg(t){return qe(t)&&t.length>0}function Qg(t){
return qe(t)&&!us(t)}function Lr(t){return t===null}function Fl(t){return Lr(t)||Mr(t)}function En(t){return typeof t=="\
number"&&!Number.isNaN(t)}function Zg(t){return qe(t)&&!us(t)&&!Number.isNaN(Number(t))}function An(t){return!Lr(t)&&(typeof t==
"object"||oe(t))}function fs(t){return t?Symbol.observable!==void 0&&t===t[Symbol.observable]?.()||t===t["@@observable"]?.():
!1}function ew(t){return ug(1)(t)}function Bl(t){if(typeof t!="object"||t===null)return!1;let e=Object.getPrototypeOf(t);
return(e===null||e===Object.prototype||Object.getPrototypeOf(e)===null)&&!(Symbol.toStringTag in t)&&!(Symbol.iterator in
t)}function tw(t){return En(t)&&t>0}function nw(t){return Lr(t)||aR(typeof t)}function rw(t){return Ul(t)||lg(t)}function ow(t){
return Nl([qe,En,Hl],t)}function iw(t){return B(t)==="RegExp"}function Kl(t){return Number.isSafeInteger(t)}function Tn(t){
return B(t)==="Set"}function sw(t){return B(t)==="SharedArrayBuffer"}function qe(t){return typeof t=="string"}function Hl(t){
return typeof t=="symbol"}function aw(t){return!!t}function cw(t,e){return Ve(e)&&Ve(t)&&e.length===t.length?e.every((n,r)=>n(
t[r])):!1}function lw(t){return iR(B(t))}function uw(t){return B(t)==="Uint16Array"}function fw(t){return B(t)==="Uint32\
Array"}function dw(t){return B(t)==="Uint8Array"}function pw(t){return B(t)==="Uint8ClampedArray"}function Mr(t){return t===
void 0}function hw(t){return B(t)==="URL"}function mw(t){return B(t)==="URLSearchParams"}function yw(t){if(!qe(t))return!1;
try{return new URL(t),!0}catch{return!1}}function gw(t){return $l(t)&&!ql(Number(t))}function Gl(t){return Kl(t)&&t>=0}function ww(t){
return B(t)==="WeakMap"}function bw(t){return B(t)==="WeakRef"}function Sw(t){return B(t)==="WeakSet"}function Yl(t){return qe(
t)&&/^\s+$/.test(t)}function ls(t,e,n){if(!oe(e))throw new TypeError(`Invalid predicate: ${JSON.stringify(e)}`);if(n.length===
0)throw new TypeError("Invalid number of values");return t.call(n,e)}function A(t,e){return`Expected value which is \`${t}\
\`, received value of type \`${Il(e)}\`.`}function ig(t){return Array.from(new Set(t))}function kw(t,e){let n=ig((Ve(t)?
t:[t]).map(o=>`\`${o}\``)),r=ig(e.map(o=>`\`${Il(o)}\``));return`Expected values which are ${dR.format(n)}. Received val\
ues of type${r.length>1?"s":""} ${fR.format(r)}.`}function Ew(t){return pR.includes(t)}function hR(t,...e){if(e.length===
0)throw new TypeError("Invalid number of values");if(!dg(t,...e)){let n=t,r=!Array.isArray(t)&&Ew(n.name)?Wl[n.name]:"pr\
edicate returns truthy for all values";throw new TypeError(kw(r,e))}}function mR(t,...e){if(e.length===0)throw new TypeError(
"Invalid number of values");if(!Nl(t,...e)){let r=(Array.isArray(t)?t:[t]).map(o=>Ew(o.name)?Wl[o.name]:"predicate retur\
ns truthy for any value");throw new TypeError(kw(r,e))}}function yR(t,e,n){Mr(t)||e(t,n)}function gR(t,e,n){if(!Ve(t))throw new TypeError(
n??A("Array",t));if(e)for(let r of t)e(r,n)}function wR(t,e){if(!pg(t))throw new TypeError(e??A("ArrayBuffer",t))}function bR(t,e){
if(!hg(t))throw new TypeError(e??A("array-like",t))}function SR(t,e){if(!mg(t))throw new TypeError(e??A("AsyncFunction",
t))}function kR(t,e){if(!yg(t))throw new TypeError(e??A("AsyncGenerator",t))}function ER(t,e){if(!gg(t))throw new TypeError(
e??A("AsyncGeneratorFunction",t))}function AR(t,e){if(!Pl(t))throw new TypeError(e??A("AsyncIterable",t))}function TR(t,e){
if(!wg(t))throw new TypeError(e??A("bigint",t))}function _R(t,e){if(!bg(t))throw new TypeError(e??A("BigInt64Array",t))}
function OR(t,e){if(!Sg(t))throw new TypeError(e??A("BigUint64Array",t))}function xR(t,e){if(!kg(t))throw new TypeError(
e??A("Blob",t))}function vR(t,e){if(!Eg(t))throw new TypeError(e??A("boolean",t))}function RR(t,e){if(!Ag(t))throw new TypeError(
e??A("Function",t))}function CR(t,e){if(!Sn(t))throw new TypeError(e??A("Buffer",t))}function IR(t,e){if(!Tg(t))throw new TypeError(
e??A("Class",t))}function NR(t,e){if(!_g(t))throw new TypeError(e??A("DataView",t))}function PR(t,e){if(!$l(t))throw new TypeError(
e??A("Date",t))}function $R(t,e,n){if(!Og(t,e))throw new TypeError(n??A("T",t))}function LR(t,e){if(!xg(t))throw new TypeError(
e??A("empty array",t))}function MR(t,e){if(!vg(t))throw new TypeError(e??A("empty map",t))}function jR(t,e){if(!Rg(t))throw new TypeError(
e??A("empty object",t))}function DR(t,e){if(!Cg(t))throw new TypeError(e??A("empty set",t))}function qR(t,e){if(!Ll(t))throw new TypeError(
e??A("empty string",t))}function UR(t,e){if(!us(t))throw new TypeError(e??A("empty string or whitespace",t))}function FR(t,e,n){
if(!Ig(t,e))throw new TypeError(n??A("EnumCase",t))}function BR(t,e){if(!Ng(t))throw new TypeError(e??A("Error",t))}function KR(t,e){
if(!Pg(t))throw new TypeError(e??A("even integer",t))}function HR(t,e){if(!$g(t))throw new TypeError(e??A("falsy",t))}function GR(t,e){
if(!Lg(t))throw new TypeError(e??A("Float32Array",t))}function YR(t,e){if(!Mg(t))throw new TypeError(e??A("Float64Array",
t))}function WR(t,e){if(!jg(t))throw new TypeError(e??A("FormData",t))}function VR(t,e){if(!oe(t))throw new TypeError(e??
A("Function",t))}function JR(t,e){if(!Dg(t))throw new TypeError(e??A("Generator",t))}function zR(t,e){if(!qg(t))throw new TypeError(
e??A("GeneratorFunction",t))}function XR(t,e){if(!Ml(t))throw new TypeError(e??A("HTMLElement",t))}function QR(t,e){if(!Ug(
t))throw new TypeError(e??A("infinite number",t))}function ZR(t,e,n){if(!Fg(t,e))throw new TypeError(n??A("in range",t))}
function eC(t,e){if(!Bg(t))throw new TypeError(e??A("Int16Array",t))}function tC(t,e){if(!Kg(t))throw new TypeError(e??A(
"Int32Array",t))}function nC(t,e){if(!Hg(t))throw new TypeError(e??A("Int8Array",t))}function rC(t,e){if(!jl(t))throw new TypeError(
e??A("integer",t))}function oC(t,e){if(!Dl(t))throw new TypeError(e??A("Iterable",t))}function iC(t,e){if(!kn(t))throw new TypeError(
e??A("Map",t))}function sC(t,e){if(!ql(t))throw new TypeError(e??A("NaN",t))}function aC(t,e){if(!Ul(t))throw new TypeError(
e??A("native Promise",t))}function cC(t,e){if(!Gg(t))throw new TypeError(e??A("negative number",t))}function lC(t,e){if(!Yg(
t))throw new TypeError(e??A("Node.js Stream",t))}function uC(t,e){if(!Wg(t))throw new TypeError(e??A("non-empty array",t))}
function fC(t,e){if(!Vg(t))throw new TypeError(e??A("non-empty map",t))}function dC(t,e){if(!Jg(t))throw new TypeError(e??
A("non-empty object",t))}function pC(t,e){if(!zg(t))throw new TypeError(e??A("non-empty set",t))}function hC(t,e){if(!Xg(
t))throw new TypeError(e??A("non-empty string",t))}function mC(t,e){if(!Qg(t))throw new TypeError(e??A("non-empty string\
 and not whitespace",t))}function yC(t,e){if(!Lr(t))throw new TypeError(e??A("null",t))}function gC(t,e){if(!Fl(t))throw new TypeError(
e??A("null or undefined",t))}function wC(t,e){if(!En(t))throw new TypeError(e??A("number",t))}function bC(t,e){if(!Zg(t))
throw new TypeError(e??A("string with a number",t))}function SC(t,e){if(!An(t))throw new TypeError(e??A("Object",t))}function kC(t,e){
if(!fs(t))throw new TypeError(e??A("Observable",t))}function EC(t,e){if(!ew(t))throw new TypeError(e??A("odd integer",t))}
function AC(t,e){if(!Bl(t))throw new TypeError(e??A("plain object",t))}function TC(t,e){if(!tw(t))throw new TypeError(e??
A("positive number",t))}function _C(t,e){if(!nw(t))throw new TypeError(e??A("primitive",t))}function OC(t,e){if(!rw(t))throw new TypeError(
e??A("Promise",t))}function xC(t,e){if(!ow(t))throw new TypeError(e??A("PropertyKey",t))}function vC(t,e){if(!iw(t))throw new TypeError(
e??A("RegExp",t))}function RC(t,e){if(!Kl(t))throw new TypeError(e??A("integer",t))}function CC(t,e){if(!Tn(t))throw new TypeError(
e??A("Set",t))}function IC(t,e){if(!sw(t))throw new TypeError(e??A("SharedArrayBuffer",t))}function NC(t,e){if(!qe(t))throw new TypeError(
e??A("string",t))}function PC(t,e){if(!Hl(t))throw new TypeError(e??A("symbol",t))}function $C(t,e){if(!aw(t))throw new TypeError(
e??A("truthy",t))}function LC(t,e,n){if(!cw(t,e))throw new TypeError(n??A("tuple-like",t))}function MC(t,e){if(!lw(t))throw new TypeError(
e??A("TypedArray",t))}function jC(t,e){if(!uw(t))throw new TypeError(e??A("Uint16Array",t))}function DC(t,e){if(!fw(t))throw new TypeError(
e??A("Uint32Array",t))}function qC(t,e){if(!dw(t))throw new TypeError(e??A("Uint8Array",t))}function UC(t,e){if(!pw(t))throw new TypeError(
e??A("Uint8ClampedArray",t))}function FC(t,e){if(!Mr(t))throw new TypeError(e??A("undefined",t))}function BC(t,e){if(!hw(
t))throw new TypeError(e??A("URL",t))}function KC(t,e){if(!mw(t))throw new TypeError(e??A("URLSearchParams",t))}function HC(t,e){
if(!yw(t))throw new TypeError(e??A("string with a URL",t))}function GC(t,e){if(!gw(t))throw new TypeError(e??A("valid Da\
te",t))}function YC(t,e){if(!Gl(t))throw new TypeError(e??A("valid length",t))}function WC(t,e){if(!ww(t))throw new TypeError(
e??A("WeakMap",t))}function VC(t,e){if(!bw(t))throw new TypeError(e??A("WeakRef",t))}function JC(t,e){if(!Sw(t))throw new TypeError(
e??A("WeakSet",t))}function zC(t,e){if(!Yl(t))throw new TypeError(e??A("whitespace string",t))}var sg,ag,cg,g2,B,Il,lR,uR,
fR,dR,j,Wl,pR,m,Je=O(()=>{l();rg();sg=["Int8Array","Uint8Array","Uint8ClampedArray","Int16Array","Uint16Array","Int32Arr\
ay","Uint32Array","Float32Array","Float64Array","BigInt64Array","BigUint64Array"];ag=["Function","Generator","AsyncGener\
ator","GeneratorFunction","AsyncGeneratorFunction","AsyncFunction","Observable","Array","Buffer","Blob","Object","RegExp",
"Date","Error","Map","Set","WeakMap","WeakSet","WeakRef","ArrayBuffer","SharedArrayBuffer","DataView","Promise","URL","F\
ormData","URLSearchParams","HTMLElement","NaN",...sg];cg=["null","undefined","string","number","bigint","boolean","symbo\
l"];g2=["positive number","negative number","Class","string with a number","null or undefined","Iterable","AsyncIterable",
"native Promise","EnumCase","string with a URL","truthy","falsy","primitive","integer","plain object","TypedArray","arra\
y-like","tuple-like","Node.js Stream","infinite number","empty array","non-empty array","empty string","empty string or \
whitespace","non-empty string","non-empty string and not whitespace","empty object","non-empty object","empty set","non-\
empty set","empty map","non-empty map","PropertyKey","even integer","odd integer","T","in range","predicate returns trut\
hy for any value","predicate returns truthy for all values","valid Date","valid length","whitespace string",...ag,...cg],
B=t=>{let e=Object.prototype.toString.call(t).slice(8,-1);if(/HTML\w+Element/.test(e)&&Ml(t))return"HTMLElement";if(sR(e))
return e};Il=Object.assign(og,{all:dg,any:Nl,array:Ve,arrayBuffer:pg,arrayLike:hg,asyncFunction:mg,asyncGenerator:yg,asyncGeneratorFunction:gg,
asyncIterable:Pl,bigint:wg,bigInt64Array:bg,bigUint64Array:Sg,blob:kg,boolean:Eg,boundFunction:Ag,buffer:Sn,class:Tg,dataView:_g,
date:$l,detect:og,directInstanceOf:Og,emptyArray:xg,emptyMap:vg,emptyObject:Rg,emptySet:Cg,emptyString:Ll,emptyStringOrWhitespace:us,
enumCase:Ig,error:Ng,evenInteger:Pg,falsy:$g,float32Array:Lg,float64Array:Mg,formData:jg,function:oe,generator:Dg,generatorFunction:qg,
htmlElement:Ml,infinite:Ug,inRange:Fg,int16Array:Bg,int32Array:Kg,int8Array:Hg,integer:jl,iterable:Dl,map:kn,nan:ql,nativePromise:Ul,
negativeNumber:Gg,nodeStream:Yg,nonEmptyArray:Wg,nonEmptyMap:Vg,nonEmptyObject:Jg,nonEmptySet:zg,nonEmptyString:Xg,nonEmptyStringAndNotWhitespace:Qg,
null:Lr,nullOrUndefined:Fl,number:En,numericString:Zg,object:An,observable:fs,oddInteger:ew,plainObject:Bl,positiveNumber:tw,
primitive:nw,promise:rw,propertyKey:ow,regExp:iw,safeInteger:Kl,set:Tn,sharedArrayBuffer:sw,string:qe,symbol:Hl,truthy:aw,
tupleLike:cw,typedArray:lw,uint16Array:uw,uint32Array:fw,uint8Array:dw,uint8ClampedArray:pw,undefined:Mr,urlInstance:hw,
urlSearchParams:mw,urlString:yw,optional:cR,validDate:gw,validLength:Gl,weakMap:ww,weakRef:bw,weakSet:Sw,whitespaceString:Yl});
lR=1,uR=["innerHTML","ownerDocument","style","attributes","nodeValue"];fR=new h("en",{style:"long",type:"conjunction"}),
dR=new h("en",{style:"long",type:"disjunction"});j={all:hR,any:mR,optional:yR,array:gR,arrayBuffer:wR,arrayLike:bR,asyncFunction:SR,
asyncGenerator:kR,asyncGeneratorFunction:ER,asyncIterable:AR,bigint:TR,bigInt64Array:_R,bigUint64Array:OR,blob:xR,boolean:vR,
boundFunction:RR,buffer:CR,class:IR,dataView:NR,date:PR,directInstanceOf:$R,emptyArray:LR,emptyMap:MR,emptyObject:jR,emptySet:DR,
emptyString:qR,emptyStringOrWhitespace:UR,enumCase:FR,error:BR,evenInteger:KR,falsy:HR,float32Array:GR,float64Array:YR,formData:WR,
function:VR,generator:JR,generatorFunction:zR,htmlElement:XR,infinite:QR,inRange:ZR,int16Array:eC,int32Array:tC,int8Array:nC,
integer:rC,iterable:oC,map:iC,nan:sC,nativePromise:aC,negativeNumber:cC,nodeStream:lC,nonEmptyArray:uC,nonEmptyMap:fC,nonEmptyObject:dC,
nonEmptySet:pC,nonEmptyString:hC,nonEmptyStringAndNotWhitespace:mC,null:yC,nullOrUndefined:gC,number:wC,numericString:bC,
object:SC,observable:kC,oddInteger:EC,plainObject:AC,positiveNumber:TC,primitive:_C,promise:OC,propertyKey:xC,regExp:vC,
safeInteger:RC,set:CC,sharedArrayBuffer:IC,string:NC,symbol:PC,truthy:$C,tupleLike:LC,typedArray:MC,uint16Array:jC,uint32Array:DC,
uint8Array:qC,uint8ClampedArray:UC,undefined:FC,urlInstance:BC,urlSearchParams:KC,urlString:HC,validDate:GC,validLength:YC,
weakMap:WC,weakRef:VC,weakSet:JC,whitespaceString:zC},Wl={isArray:"Array",isArrayBuffer:"ArrayBuffer",isArrayLike:"array\
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
WeakRef",isWeakSet:"WeakSet",isWhitespaceString:"whitespace string"},pR=ng(Wl);m=Il});var Vl,Ue,_n,Aw=O(()=>{l();Vl=class extends Error{constructor(e){super(e||"Promise was canceled"),this.name="CancelError"}get isCanceled(){
return!0}},Ue=Object.freeze({pending:Symbol("pending"),canceled:Symbol("canceled"),resolved:Symbol("resolved"),rejected:Symbol(
"rejected")}),_n=class t{static fn(e){return(...n)=>new t((r,o,i)=>{n.push(i),e(...n).then(r,o)})}#e=[];#t=!0;#n=Ue.pending;#r;#o;constructor(e){
this.#r=new Promise((n,r)=>{this.#o=r;let o=a=>{(this.#n!==Ue.canceled||!s.shouldReject)&&(n(a),this.#i(Ue.resolved))},i=a=>{
(this.#n!==Ue.canceled||!s.shouldReject)&&(r(a),this.#i(Ue.rejected))},s=a=>{if(this.#n!==Ue.pending)throw new Error(`Th\
e \`onCancel\` handler was attached after the promise ${this.#n.description}.`);this.#e.push(a)};Object.defineProperties(
s,{shouldReject:{get:()=>this.#t,set:a=>{this.#t=a}}}),e(o,i,s)})}then(e,n){return this.#r.then(e,n)}catch(e){return this.#r.
catch(e)}finally(e){return this.#r.finally(e)}cancel(e){if(this.#n===Ue.pending){if(this.#i(Ue.canceled),this.#e.length>
0)try{for(let n of this.#e)n()}catch(n){this.#o(n);return}this.#t&&this.#o(new Vl(e))}}get isCanceled(){return this.#n===
Ue.canceled}#i(e){this.#n===Ue.pending&&(this.#n=e)}};Object.setPrototypeOf(_n.prototype,Promise.prototype)});function XC(t){return m.object(t)&&"_onResponse"in t}var K,jr,ze,On,xn,vn,Dt,Dr,qr,Rn=O(()=>{l();Je();K=class extends Error{name="\
RequestError";code="ERR_GOT_REQUEST_ERROR";input;stack;response;request;timings;constructor(e,n,r){if(super(e,{cause:n}),
Error.captureStackTrace(this,this.constructor),n.code&&(this.code=n.code),this.input=n.input,XC(r)?(Object.defineProperty(
this,"request",{enumerable:!1,value:r}),Object.defineProperty(this,"response",{enumerable:!1,value:r.response}),this.options=
r.options):this.options=r,this.timings=this.request?.timings,m.string(n.stack)&&m.string(this.stack)){let o=this.stack.indexOf(
this.message)+this.message.length,i=this.stack.slice(o).split(`
`).reverse(),s=n.stack.slice(n.stack.indexOf(n.message)+n.message.length).split(`
`).reverse();for(;s.length>0&&s[0]===i[0];)i.shift();this.stack=`${this.stack.slice(0,o)}${i.reverse().join(`
`)}${s.reverse().join(`
`)}`}}},jr=class extends K{name="MaxRedirectsError";code="ERR_TOO_MANY_REDIRECTS";constructor(e){super(`Redirected ${e.options.
maxRedirects} times. Aborting.`,{},e)}},ze=class extends K{name="HTTPError";code="ERR_NON_2XX_3XX_RESPONSE";constructor(e){
super(`Request failed with status code ${e.statusCode} (${e.statusMessage}): ${e.request.options.method} ${e.request.options.
url.toString()}`,{},e.request)}},On=class extends K{name="CacheError";constructor(e,n){super(e.message,e,n),this.code===
"ERR_GOT_REQUEST_ERROR"&&(this.code="ERR_CACHE_ACCESS")}},xn=class extends K{name="UploadError";constructor(e,n){super(e.
message,e,n),this.code==="ERR_GOT_REQUEST_ERROR"&&(this.code="ERR_UPLOAD")}},vn=class extends K{name="TimeoutError";timings;event;constructor(e,n,r){
super(e.message,e,r),this.event=e.event,this.timings=n}},Dt=class extends K{name="ReadError";constructor(e,n){super(e.message,
e,n),this.code==="ERR_GOT_REQUEST_ERROR"&&(this.code="ERR_READING_RESPONSE_STREAM")}},Dr=class extends K{name="RetryErro\
r";code="ERR_RETRYING";constructor(e){super("Retrying",{},e)}},qr=class extends K{name="AbortError";code="ERR_ABORTED";constructor(e){
super("This operation was aborted.",{},e)}}});var Tw,ds,Jl,zl=O(()=>{l();Tw=require("node:http"),ds=Tw,{ServerResponse:Jl}=Tw});function ps(t){return typeof t=="string"?QC.encode(t).byteLength:ArrayBuffer.isView(t)||t instanceof ArrayBuffer||t instanceof
SharedArrayBuffer?t.byteLength:0}var QC,_w=O(()=>{l();QC=new TextEncoder});var Ow=O(()=>{l();_w()});var xw,hs,vw=O(()=>{l();xw=void 0,hs=class extends Error{}});var Rw,Cw=O(()=>{l();Rw=void 0});function*Dw(t){if(t.byteLength<=Iw){yield t;return}let e=0;for(;e<t.byteLength;){let n=Math.min(t.byteLength-e,Iw),r=t.buffer.
slice(e,e+n);e+=r.byteLength,yield new Uint8Array(r)}}function ZC(){let t=16,e="";for(;t--;)e+=Nw[Math.random()*Nw.length<<
0];return e}async function*nI(t){let e=t.getReader();for(;;){let{done:n,value:r}=await e.read();if(n)break;yield r}}async function*$w(t){
for await(let e of t)yield*Dw(e)}function Lw(t){if(oI(t)!=="object")return!1;let e=Object.getPrototypeOf(t);return e==null?
!0:e.constructor?.toString?.()===Object.toString()}function Mw(t,e){if(typeof e=="string"){for(let[n,r]of Object.entries(
t))if(e.toLowerCase()===n.toLowerCase())return r}}var jw,Ql,X,Xe,Ur,Xl,Iw,Nw,Pw,Qe,eI,tI,rI,Cn,Yr,oI,qw,iI,sI,ms,kt,Fr,ys,
Br,qt,Kr,Hr,gs,Gr,Zl,Uw,Fw,eu=O(()=>{l();jw=t=>{throw TypeError(t)},Ql=(t,e,n)=>e.has(t)||jw("Cannot "+n),X=(t,e,n)=>(Ql(
t,e,"read from private field"),n?n.call(t):e.get(t)),Xe=(t,e,n)=>e.has(t)?jw("Cannot add the same private member more th\
an once"):e instanceof WeakSet?e.add(t):e.set(t,n),Ur=(t,e,n,r)=>(Ql(t,e,"write to private field"),r?r.call(t,n):e.set(t,
n),n),Xl=(t,e,n)=>(Ql(t,e,"access private method"),n),Iw=65536;Nw="abcdefghijklmnopqrstuvwxyz0123456789";Pw=t=>String(t).
replace(/\r/g,"%0D").replace(/\n/g,"%0A").replace(/"/g,"%22"),Qe=t=>typeof t=="function",eI=t=>!!t&&typeof t=="object"&&
!Array.isArray(t)&&Qe(t.getReader),tI=t=>Qe(t[Symbol.asyncIterator]);rI=t=>{if(tI(t))return $w(t);if(eI(t))return $w(nI(
t));throw new TypeError("Unsupported data source: Expected either ReadableStream or async iterable.")},Cn=t=>!!(t&&typeof t==
"object"&&Qe(t.constructor)&&t[Symbol.toStringTag]==="File"&&Qe(t.stream)&&t.name!=null),Yr=t=>!!(t&&Qe(t.constructor)&&
t[Symbol.toStringTag]==="FormData"&&Qe(t.append)&&Qe(t.getAll)&&Qe(t.entries)&&Qe(t[Symbol.iterator])),oI=t=>Object.prototype.
toString.call(t).slice(8,-1).toLowerCase();qw=t=>String(t).replace(/\r|\n/g,(e,n,r)=>e==="\r"&&r[n+1]!==`
`||e===`
`&&r[n-1]!=="\r"?`\r
`:e);iI=t=>new Proxy(t,{get:(e,n)=>Mw(e,n),has:(e,n)=>Mw(e,n)!==void 0}),sI={enableAdditionalHeaders:!1},ms={writable:!1,
configurable:!1},Fw=class{constructor(t,e,n){if(Xe(this,Gr),Xe(this,kt,`\r
`),Xe(this,Fr),Xe(this,ys),Xe(this,Br,"-".repeat(2)),Xe(this,qt,new TextEncoder),Xe(this,Kr),Xe(this,Hr),Xe(this,gs),!Yr(
t))throw new TypeError("Expected first argument to be a FormData instance.");let r;if(Lw(e)?n=e:r=e,r||(r=`form-data-enc\
oder-${ZC()}`),typeof r!="string")throw new TypeError("Expected boundary argument to be a string.");if(n&&!Lw(n))throw new TypeError(
"Expected options argument to be an object.");Ur(this,Hr,Array.from(t.entries())),Ur(this,gs,{...sI,...n}),Ur(this,Fr,X(
this,qt).encode(X(this,kt))),Ur(this,ys,X(this,Fr).byteLength),this.boundary=r,this.contentType=`multipart/form-data; bo\
undary=${this.boundary}`,Ur(this,Kr,X(this,qt).encode(`${X(this,Br)}${this.boundary}${X(this,Br)}${X(this,kt).repeat(2)}`));
let o={"Content-Type":this.contentType},i=Xl(this,Gr,Uw).call(this);i&&(this.contentLength=i,o["Content-Length"]=i),this.
headers=iI(Object.freeze(o)),Object.defineProperties(this,{boundary:ms,contentType:ms,contentLength:ms,headers:ms})}*values(){
for(let[t,e]of X(this,Hr)){let n=Cn(e)?e:X(this,qt).encode(qw(e));yield Xl(this,Gr,Zl).call(this,t,n),yield n,yield X(this,
Fr)}yield X(this,Kr)}async*encode(){for(let t of this.values())Cn(t)?yield*rI(t.stream()):yield*Dw(t)}[Symbol.iterator](){
return this.values()}[Symbol.asyncIterator](){return this.encode()}};kt=new WeakMap;Fr=new WeakMap;ys=new WeakMap;Br=new WeakMap;
qt=new WeakMap;Kr=new WeakMap;Hr=new WeakMap;gs=new WeakMap;Gr=new WeakSet;Zl=function(t,e){let n="";if(n+=`${X(this,Br)}${this.
boundary}${X(this,kt)}`,n+=`Content-Disposition: form-data; name="${Pw(t)}"`,Cn(e)&&(n+=`; filename="${Pw(e.name)}"${X(this,
kt)}`,n+=`Content-Type: ${e.type||"application/octet-stream"}`),X(this,gs).enableAdditionalHeaders===!0){let r=Cn(e)?e.size:
e.byteLength;r!=null&&!isNaN(r)&&(n+=`${X(this,kt)}Content-Length: ${r}`)}return X(this,qt).encode(`${n}${X(this,kt).repeat(
2)}`)};Uw=function(){let t=0;for(let[e,n]of X(this,Hr)){let r=Cn(n)?n:X(this,qt).encode(qw(n)),o=Cn(r)?r.size:r.byteLength;
if(o==null||isNaN(o))return;t+=Xl(this,Gr,Zl).call(this,e,r).byteLength,t+=o,t+=X(this,ys)}return String(t+X(this,Kr).byteLength)}});function aI(t){return"encrypted"in t}var cI,Bw,Kw=O(()=>{l();cI=(t,e)=>{let n;typeof e=="function"?n={connect:e}:n=e;let r=typeof n.
connect=="function",o=typeof n.secureConnect=="function",i=typeof n.close=="function",s=()=>{r&&n.connect(),aI(t)&&o&&(t.
authorized?n.secureConnect():t.once("secureConnect",n.secureConnect)),i&&t.once("close",n.close)};if(t.writable&&!t.connecting)
s();else if(t.connecting)t.once("connect",s);else if(t.destroyed&&i){let a="_hadError"in t?!!t._hadError:!1;n.close(a)}},
Bw=cI});var Hw,Gw,lI,Yw,Ww=O(()=>{l();Hw=require("node:events"),Gw=require("node:util");Kw();lI=t=>{if(t.timings)return t.timings;
let e={start:Date.now(),socket:void 0,lookup:void 0,connect:void 0,secureConnect:void 0,upload:void 0,response:void 0,end:void 0,
error:void 0,abort:void 0,phases:{wait:void 0,dns:void 0,tcp:void 0,tls:void 0,request:void 0,firstByte:void 0,download:void 0,
total:void 0}};t.timings=e;let n=s=>{s.once(Hw.errorMonitor,()=>{e.error=Date.now(),e.phases.total=e.error-e.start})};n(
t);let r=()=>{e.abort=Date.now(),e.phases.total=e.abort-e.start};t.prependOnceListener("abort",r);let o=s=>{if(e.socket=
Date.now(),e.phases.wait=e.socket-e.start,Gw.types.isProxy(s))return;if(s.writable&&!s.connecting){e.lookup=e.socket,e.connect=
e.socket,s.__initial_connection_timings__?(e.phases.dns=s.__initial_connection_timings__.dnsPhase,e.phases.tcp=s.__initial_connection_timings__.
tcpPhase,e.phases.tls=s.__initial_connection_timings__.tlsPhase,e.phases.tls!==void 0&&(e.secureConnect=e.socket)):(e.phases.
dns=0,e.phases.tcp=0);return}let c=()=>{e.lookup=Date.now(),e.phases.dns=e.lookup-e.socket};s.prependOnceListener("looku\
p",c),Bw(s,{connect(){e.connect=Date.now(),e.lookup===void 0&&(s.removeListener("lookup",c),e.lookup=e.socket,e.phases.dns=
0),e.phases.tcp=e.connect-e.lookup,e.phases.tcp===0&&e.phases.dns&&e.phases.dns>0&&(e.phases.dns=0),s.__initial_connection_timings__||
(s.__initial_connection_timings__={dnsPhase:e.phases.dns,tcpPhase:e.phases.tcp})},secureConnect(){e.secureConnect=Date.now(),
e.phases.tls=e.secureConnect-e.connect,s.__initial_connection_timings__&&(s.__initial_connection_timings__.tlsPhase=e.phases.
tls)}})};t.socket?o(t.socket):t.prependOnceListener("socket",o);let i=()=>{e.upload=Date.now();let s=e.secureConnect??e.
connect;s!==void 0&&(e.phases.request=e.upload-s)};return t.writableFinished?i():t.prependOnceListener("finish",i),t.prependOnceListener(
"response",s=>{e.response=Date.now(),e.phases.firstByte=e.response-e.upload,s.timings=e,n(s),s.prependOnceListener("end",
()=>{t.off("abort",r),s.off("aborted",r),e.phases.total===void 0&&(e.end=Date.now(),e.phases.download=e.end-e.response,e.
phases.total=e.end-e.start)}),s.prependOnceListener("aborted",r)}),e},Yw=lI});function Wr(t){return m.nodeStream(t)&&m.function(t.getBoundary)}var tu=O(()=>{l();Je()});async function nu(t,e){if(e&&"content-length"in e)return Number(e["content-length"]);if(!t)return 0;if(m.string(t))return new TextEncoder().
encode(t).byteLength;if(m.buffer(t))return t.length;if(m.typedArray(t))return t.byteLength;if(Wr(t))try{return await(0,Vw.promisify)(
t.getLength.bind(t))()}catch(n){let r=n;throw new Error(`Cannot determine content-length for form-data with stream(s) of\
 unknown length. This is a limitation of the \`form-data\` package. To fix this, either:
1. Use the \`knownLength\` option when appending streams:
   form.append('file', stream, {knownLength: 12345});
2. Switch to spec-compliant FormData (formdata-node package)
See: https://github.com/form-data/form-data#alternative-submission-methods
Original error: ${r.message}`)}}var Vw,Jw=O(()=>{l();Vw=require("node:util");Je();tu()});function Vr(t,e,n){let r={};for(let o of n){let i=(...s)=>{e.emit(o,...s)};r[o]=i,t.on(o,i)}return()=>{for(let[o,i]of Object.
entries(r))t.off(o,i)}}var ru=O(()=>{l()});var zw,Xw,Qw=O(()=>{l();zw=require("node:net"),Xw=zw,{}=zw});function ou(){let t=[];return{once(e,n,r){e.once(n,r),t.push({origin:e,event:n,fn:r})},unhandleAll(){for(let e of t){let{
origin:n,event:r,fn:o}=e;n.removeListener(r,o)}t.length=0}}}var Zw=O(()=>{l()});function iu(t,e,n){if(eb in t)return uI;t[eb]=!0;let r=[],{once:o,unhandleAll:i}=ou(),s=new Map,a=(g,S,E)=>{let _=setTimeout(
S,g,g,E);_.unref?.();let v=()=>{s.set(E,!0),clearTimeout(_)};return r.push(v),v},{host:c,hostname:u}=n,d=(g,S)=>{setTimeout(
()=>{s.has(S)||t.destroy(new Jr(g,S))},0)},f=()=>{for(let g of r)g();i()};if(t.once("error",g=>{if(f(),t.listenerCount("\
error")===0)throw g}),e.request!==void 0){let g=a(e.request,d,"request");o(t,"response",S=>{o(S,"end",g)})}if(e.socket!==
void 0){let{socket:g}=e,S=()=>{d(g,"socket")};t.setTimeout(g,S),r.push(()=>{t.removeListener("timeout",S)})}let p=e.lookup!==
void 0,y=e.connect!==void 0,k=e.secureConnect!==void 0,w=e.send!==void 0;return(p||y||k||w)&&o(t,"socket",g=>{let{socketPath:S}=t;
if(g.connecting){let E=!!(S??Xw.isIP(u??c??"")!==0);if(p&&!E&&g.address().address===void 0){let _=a(e.lookup,d,"lookup");
o(g,"lookup",_)}if(y){let _=()=>a(e.connect,d,"connect");E?o(g,"connect",_()):o(g,"lookup",v=>{v===null&&o(g,"connect",_())})}
k&&n.protocol==="https:"&&o(g,"connect",()=>{let _=a(e.secureConnect,d,"secureConnect");o(g,"secureConnect",_)})}if(w){let E=()=>a(
e.send,d,"send");g.connecting?o(g,"connect",()=>{o(t,"upload-complete",E())}):o(t,"upload-complete",E())}}),e.response!==
void 0&&o(t,"upload-complete",()=>{let g=a(e.response,d,"response");o(t,"response",g)}),e.read!==void 0&&o(t,"response",
g=>{let S=a(e.read,d,"read");o(g,"end",S)}),f}var eb,uI,Jr,tb=O(()=>{l();Qw();Zw();eb=Symbol("reentry"),uI=()=>{},Jr=class extends Error{event;name="\
TimeoutError";code="ETIMEDOUT";constructor(e,n){super(`Timeout awaiting '${n}' for ${e}ms`),this.event=n}}});function su(t){t=t;let e={protocol:t.protocol,hostname:m.string(t.hostname)&&t.hostname.startsWith("[")?t.hostname.slice(
1,-1):t.hostname,host:t.host,hash:t.hash,search:t.search,pathname:t.pathname,href:t.href,path:`${t.pathname||""}${t.search||
""}`};return m.string(t.port)&&t.port.length>0&&(e.port=Number(t.port)),(t.username||t.password)&&(e.auth=`${t.username||
""}:${t.password||""}`),e}var nb=O(()=>{l();Je()});var zr,rb=O(()=>{l();zr=class{weakMap=new WeakMap;map=new Map;set(e,n){typeof e=="object"?this.weakMap.set(e,n):this.map.
set(e,n)}get(e){return typeof e=="object"?this.weakMap.get(e):this.map.get(e)}has(e){return typeof e=="object"?this.weakMap.
has(e):this.map.has(e)}}});var fI,ws,au=O(()=>{l();fI=({attemptCount:t,retryOptions:e,error:n,retryAfter:r,computedValue:o})=>{if(n.name==="RetryEr\
ror")return 1;if(t>e.limit)return 0;let i=e.methods.includes(n.options.method),s=e.errorCodes.includes(n.code),a=n.response&&
e.statusCodes.includes(n.response.statusCode);if(!i||!s&&!a)return 0;if(n.response){if(r)return r>o?0:r;if(n.response.statusCode===
413)return 0}let c=Math.random()*e.noise;return Math.min(2**(t-1)*1e3,e.backoffLimit)+c},ws=fI});var ob,ib,sb=O(()=>{l();ob=require("node:https"),ib=ob,{}=ob});function bs(t){return Object.fromEntries(Object.entries(t).map(([e,n])=>[e.toLowerCase(),n]))}var ab=O(()=>{l()});var cb,lb=O(()=>{l();cb=void 0});var cu,ub=O(()=>{l();cu={}});function Xr(t){let e=[],n=t.split(",");for(let r of n){let[o,...i]=r.split(";"),s=o.trim();if(s[0]!=="<"||s.at(-1)!==">")
throw new Error(`Invalid format of the Link header reference: ${s}`);let a=s.slice(1,-1),c={};if(i.length===0)throw new Error(
`Unexpected end of Link header parameters: ${i.join(";")}`);for(let u of i){let d=u.trim(),f=d.indexOf("=");if(f===-1)throw new Error(
`Failed to parse Link header: ${t}`);let p=d.slice(0,f).trim(),y=d.slice(f+1).trim();c[p]=y}e.push({reference:a,parameters:c})}
return e}var lu=O(()=>{l()});function hb(t,e){try{e()}catch(n){throw n instanceof Error&&(n.message=`Option '${t}': ${n.message}`),n}}function $(t,e,n){
hb(t,()=>{j.any(e,n)})}function In(t,e){hb(t,()=>{j.plainObject(e)})}function pI(t){for(let e in t){let n=t[e];$(`search\
Params.${e}`,[m.string,m.number,m.boolean,m.null,m.undefined],n)}}var Qr,pb,fb,dI,hI,Ss,mI,yI,gI,wI,bI,SI,db,ye,Nn=O(()=>{
l();Vi();Qr=require("node:util"),pb=require("node:tls");sb();zl();Je();ab();lb();ub();eu();lu();[fb,dI]=ce.versions.node.
split(".").map(Number);hI=new Map,mI=()=>Ss||(Ss=new cb,Ss),yI=t=>t?.[Symbol.toStringTag]==="QuickLRU"&&typeof t.evict==
"function"?{get(e){return t.get(e)},set(e,n,r){return r===void 0?t.set(e,n):t.set(e,n,{maxAge:r}),!0},delete(e){return t.
delete(e)},clear(){return t.clear()},has(e){return t.has(e)}}:t,gI={request:void 0,agent:{http:void 0,https:void 0,http2:void 0},
h2session:void 0,decompress:!0,timeout:{connect:void 0,lookup:void 0,read:void 0,request:void 0,response:void 0,secureConnect:void 0,
send:void 0,socket:void 0},prefixUrl:"",body:void 0,form:void 0,json:void 0,cookieJar:void 0,ignoreInvalidCookies:!1,searchParams:void 0,
dnsLookup:void 0,dnsCache:void 0,context:{},hooks:{init:[],beforeRequest:[],beforeError:[],beforeRedirect:[],beforeRetry:[],
beforeCache:[],afterResponse:[]},followRedirect:!0,maxRedirects:10,cache:void 0,throwHttpErrors:!0,username:"",password:"",
http2:!1,allowGetBody:!1,copyPipedHeaders:!0,headers:{"user-agent":"got (https://github.com/sindresorhus/got)"},methodRewriting:!1,
dnsLookupIpVersion:void 0,parseJson:JSON.parse,stringifyJson:JSON.stringify,retry:{limit:2,methods:["GET","PUT","HEAD","\
DELETE","OPTIONS","TRACE"],statusCodes:[408,413,429,500,502,503,504,521,522,524],errorCodes:["ETIMEDOUT","ECONNRESET","E\
ADDRINUSE","ECONNREFUSED","EPIPE","ENOTFOUND","ENETUNREACH","EAI_AGAIN"],maxRetryAfter:void 0,calculateDelay:({computedValue:t})=>t,
backoffLimit:Number.POSITIVE_INFINITY,noise:100,enforceRetryRules:!1},localAddress:void 0,method:"GET",createConnection:void 0,
cacheOptions:{shared:void 0,cacheHeuristic:void 0,immutableMinTimeToLive:void 0,ignoreCargoCult:void 0},https:{alpnProtocols:void 0,
rejectUnauthorized:void 0,checkServerIdentity:void 0,serverName:void 0,certificateAuthority:void 0,key:void 0,certificate:void 0,
passphrase:void 0,pfx:void 0,ciphers:void 0,honorCipherOrder:void 0,minVersion:void 0,maxVersion:void 0,signatureAlgorithms:void 0,
tlsSessionLifetime:void 0,dhparam:void 0,ecdhCurve:void 0,certificateRevocationLists:void 0,secureOptions:void 0},encoding:void 0,
resolveBodyOnly:!1,isStream:!1,responseType:"text",url:void 0,pagination:{transform(t){return t.request.options.responseType===
"json"?t.body:JSON.parse(t.body)},paginate({response:t}){let e=t.headers.link;if(typeof e!="string"||e.trim()==="")return!1;
let r=Xr(e).find(o=>o.parameters.rel==="next"||o.parameters.rel==='"next"');return r?{url:new URL(r.reference,t.url)}:!1},
filter:()=>!0,shouldContinue:()=>!0,countLimit:Number.POSITIVE_INFINITY,backoff:0,requestLimit:1e4,stackAllItems:!1},setHost:!0,
maxHeaderSize:void 0,signal:void 0,enableUnixSockets:!1,strictContentLength:!1},wI=t=>{let{hooks:e,retry:n}=t;return{...t,
context:{...t.context},cacheOptions:{...t.cacheOptions},https:{...t.https},agent:{...t.agent},headers:{...t.headers},retry:{
...n,errorCodes:[...n.errorCodes],methods:[...n.methods],statusCodes:[...n.statusCodes]},timeout:{...t.timeout},hooks:{init:[
...e.init],beforeRequest:[...e.beforeRequest],beforeError:[...e.beforeError],beforeRedirect:[...e.beforeRedirect],beforeRetry:[
...e.beforeRetry],beforeCache:[...e.beforeCache],afterResponse:[...e.afterResponse]},searchParams:t.searchParams?new URLSearchParams(
t.searchParams):void 0,pagination:{...t.pagination}}},bI=t=>{let{hooks:e,retry:n}=t,r={...t};return m.object(t.context)&&
(r.context={...t.context}),m.object(t.cacheOptions)&&(r.cacheOptions={...t.cacheOptions}),m.object(t.https)&&(r.https={...t.
https}),m.object(t.cacheOptions)&&(r.cacheOptions={...r.cacheOptions}),m.object(t.agent)&&(r.agent={...t.agent}),m.object(
t.headers)&&(r.headers={...t.headers}),m.object(n)&&(r.retry={...n},m.array(n.errorCodes)&&(r.retry.errorCodes=[...n.errorCodes]),
m.array(n.methods)&&(r.retry.methods=[...n.methods]),m.array(n.statusCodes)&&(r.retry.statusCodes=[...n.statusCodes])),m.
object(t.timeout)&&(r.timeout={...t.timeout}),m.object(e)&&(r.hooks={...e},m.array(e.init)&&(r.hooks.init=[...e.init]),m.
array(e.beforeRequest)&&(r.hooks.beforeRequest=[...e.beforeRequest]),m.array(e.beforeError)&&(r.hooks.beforeError=[...e.
beforeError]),m.array(e.beforeRedirect)&&(r.hooks.beforeRedirect=[...e.beforeRedirect]),m.array(e.beforeRetry)&&(r.hooks.
beforeRetry=[...e.beforeRetry]),m.array(e.beforeCache)&&(r.hooks.beforeCache=[...e.beforeCache]),m.array(e.afterResponse)&&
(r.hooks.afterResponse=[...e.afterResponse])),t.searchParams&&(m.string(t.searchParams)?r.searchParams=t.searchParams:t.
searchParams instanceof URLSearchParams?r.searchParams=new URLSearchParams(t.searchParams):m.object(t.searchParams)&&(r.
searchParams={...t.searchParams})),m.object(t.pagination)&&(r.pagination={...t.pagination}),r},SI=t=>{let e=[t.timeout.socket,
t.timeout.connect,t.timeout.lookup,t.timeout.request,t.timeout.secureConnect].filter(n=>typeof n=="number");if(e.length>
0)return Math.min(...e)},db=(t,e,n)=>{let r=t.hooks?.init;if(r)for(let o of r)o(e,n)},ye=class t{_unixOptions;_internals;_merging=!1;_init;constructor(e,n,r){
if($("input",[m.string,m.urlInstance,m.object,m.undefined],e),$("options",[m.object,m.undefined],n),$("defaults",[m.object,
m.undefined],r),e instanceof t||n instanceof t)throw new TypeError("The defaults must be passed as the third argument");
this._internals=wI(r?._internals??r??gI),this._init=[...r?._init??[]];try{if(m.plainObject(e))try{this.merge(e),this.merge(
n)}finally{this.url=e.url}else try{this.merge(n)}finally{if(n?.url!==void 0)if(e===void 0)this.url=n.url;else throw new TypeError(
"The `url` option is mutually exclusive with the `input` argument");else e!==void 0&&(this.url=e)}}catch(o){throw o.options=
this,o}}merge(e){if(e){if(e instanceof t){let n=[...e._init];for(let r of n)this.merge(r);return}e=bI(e),db(this,e,this),
db(e,e,this),this._merging=!0,"isStream"in e&&(this.isStream=e.isStream);try{let n=!1;for(let r in e){if(r==="mutableDef\
aults"||r==="handlers"||r==="url"||r==="preserveHooks")continue;if(!(r in this))throw new Error(`Unexpected option: ${r}`);
let o=e[r];o!==void 0&&(this[r]=o,n=!0)}n&&this._init.push(e)}finally{this._merging=!1}}}get request(){return this._internals.
request}set request(e){$("request",[m.function,m.undefined],e),this._internals.request=e}get agent(){return this._internals.
agent}set agent(e){In("agent",e);for(let n in e){if(!(n in this._internals.agent))throw new TypeError(`Unexpected agent \
option: ${n}`);$(`agent.${n}`,[m.object,m.undefined,r=>r===!1],e[n])}this._merging?Object.assign(this._internals.agent,e):
this._internals.agent={...e}}get h2session(){return this._internals.h2session}set h2session(e){this._internals.h2session=
e}get decompress(){return this._internals.decompress}set decompress(e){j.boolean(e),this._internals.decompress=e}get timeout(){
return this._internals.timeout}set timeout(e){In("timeout",e);for(let n in e){if(!(n in this._internals.timeout))throw new Error(
`Unexpected timeout option: ${n}`);$(`timeout.${n}`,[m.number,m.undefined],e[n])}this._merging?Object.assign(this._internals.
timeout,e):this._internals.timeout={...e}}get prefixUrl(){return this._internals.prefixUrl}set prefixUrl(e){if($("prefix\
Url",[m.string,m.urlInstance],e),e===""){this._internals.prefixUrl="";return}if(e=e.toString(),e.endsWith("/")||(e+="/"),
this._internals.prefixUrl&&this._internals.url){let{href:n}=this._internals.url;this._internals.url.href=e+n.slice(this.
_internals.prefixUrl.length)}this._internals.prefixUrl=e}get body(){return this._internals.body}set body(e){$("body",[m.
string,m.buffer,m.nodeStream,m.generator,m.asyncGenerator,m.iterable,m.asyncIterable,Yr,m.typedArray,m.undefined],e),m.nodeStream(
e)&&j.truthy(e.readable),e!==void 0&&(j.undefined(this._internals.form),j.undefined(this._internals.json)),this._internals.
body=e}get form(){return this._internals.form}set form(e){$("form",[m.plainObject,m.undefined],e),e!==void 0&&(j.undefined(
this._internals.body),j.undefined(this._internals.json)),this._internals.form=e}get json(){return this._internals.json}set json(e){
e!==void 0&&(j.undefined(this._internals.body),j.undefined(this._internals.form)),this._internals.json=e}get url(){return this.
_internals.url}set url(e){if($("url",[m.string,m.urlInstance,m.undefined],e),e===void 0){this._internals.url=void 0;return}
if(m.string(e)&&e.startsWith("/"))throw new Error("`url` must not start with a slash");let n=e.toString(),o=m.urlInstance(
e)||/^[a-z][a-z\d+.-]*:\/\//i.test(n)?n:`${this.prefixUrl}${n}`,i=new URL(o);if(this._internals.url=i,i.protocol==="unix\
:"&&(i.href=`http://unix${i.pathname}${i.search}`),i.protocol!=="http:"&&i.protocol!=="https:"){let s=new Error(`Unsuppo\
rted protocol: ${i.protocol}`);throw s.code="ERR_UNSUPPORTED_PROTOCOL",s}if(this._internals.username&&(i.username=this._internals.
username,this._internals.username=""),this._internals.password&&(i.password=this._internals.password,this._internals.password=
""),this._internals.searchParams&&(i.search=this._internals.searchParams.toString(),this._internals.searchParams=void 0),
i.hostname==="unix"){if(!this._internals.enableUnixSockets)throw new Error("Using UNIX domain sockets but option `enable\
UnixSockets` is not enabled");let s=/(?<socketPath>.+?):(?<path>.+)/.exec(`${i.pathname}${i.search}`);if(s?.groups){let{
socketPath:a,path:c}=s.groups;this._unixOptions={socketPath:a,path:c,host:""}}else this._unixOptions=void 0;return}this.
_unixOptions=void 0}get cookieJar(){return this._internals.cookieJar}set cookieJar(e){if($("cookieJar",[m.object,m.undefined],
e),e===void 0){this._internals.cookieJar=void 0;return}let{setCookie:n,getCookieString:r}=e;j.function(n),j.function(r),
n.length===4&&r.length===0?(n=(0,Qr.promisify)(n.bind(e)),r=(0,Qr.promisify)(r.bind(e)),this._internals.cookieJar={setCookie:n,
getCookieString:r}):this._internals.cookieJar=e}get signal(){return this._internals.signal}set signal(e){j.object(e),this.
_internals.signal=e}get ignoreInvalidCookies(){return this._internals.ignoreInvalidCookies}set ignoreInvalidCookies(e){j.
boolean(e),this._internals.ignoreInvalidCookies=e}get searchParams(){return this._internals.url?this._internals.url.searchParams:
(this._internals.searchParams===void 0&&(this._internals.searchParams=new URLSearchParams),this._internals.searchParams)}set searchParams(e){
$("searchParams",[m.string,m.object,m.undefined],e);let n=this._internals.url;if(e===void 0){this._internals.searchParams=
void 0,n&&(n.search="");return}let r=this.searchParams,o;if(m.string(e))o=new URLSearchParams(e);else if(e instanceof URLSearchParams)
o=e;else{pI(e),o=new URLSearchParams;for(let i in e){let s=e[i];s===null?o.append(i,""):s===void 0?r.delete(i):o.append(
i,s)}}if(this._merging){for(let i of o.keys())r.delete(i);for(let[i,s]of o)r.append(i,s)}else n?n.search=r.toString():this.
_internals.searchParams=r}get searchParameters(){throw new Error("The `searchParameters` option does not exist. Use `sea\
rchParams` instead.")}set searchParameters(e){throw new Error("The `searchParameters` option does not exist. Use `search\
Params` instead.")}get dnsLookup(){return this._internals.dnsLookup}set dnsLookup(e){$("dnsLookup",[m.function,m.undefined],
e),this._internals.dnsLookup=e}get dnsCache(){return this._internals.dnsCache}set dnsCache(e){$("dnsCache",[m.object,m.boolean,
m.undefined],e),e===!0?this._internals.dnsCache=mI():e===!1?this._internals.dnsCache=void 0:this._internals.dnsCache=e}get context(){
return this._internals.context}set context(e){j.object(e),this._merging?Object.assign(this._internals.context,e):this._internals.
context={...e}}get hooks(){return this._internals.hooks}set hooks(e){j.object(e);for(let n in e){if(!(n in this._internals.
hooks))throw new Error(`Unexpected hook event: ${n}`);let r=n,o=e[r];if($(`hooks.${n}`,[m.array,m.undefined],o),o)for(let i of o)
j.function(i);if(this._merging)o&&this._internals.hooks[r].push(...o);else{if(!o)throw new Error(`Missing hook event: ${n}`);
this._internals.hooks[n]=[...o]}}}get followRedirect(){return this._internals.followRedirect}set followRedirect(e){$("fo\
llowRedirect",[m.boolean,m.function],e),this._internals.followRedirect=e}get followRedirects(){throw new TypeError("The \
`followRedirects` option does not exist. Use `followRedirect` instead.")}set followRedirects(e){throw new TypeError("The\
 `followRedirects` option does not exist. Use `followRedirect` instead.")}get maxRedirects(){return this._internals.maxRedirects}set maxRedirects(e){
j.number(e),this._internals.maxRedirects=e}get cache(){return this._internals.cache}set cache(e){$("cache",[m.object,m.string,
m.boolean,m.undefined],e),e===!0?this._internals.cache=hI:e===!1?this._internals.cache=void 0:this._internals.cache=yI(e)}get throwHttpErrors(){
return this._internals.throwHttpErrors}set throwHttpErrors(e){j.boolean(e),this._internals.throwHttpErrors=e}get username(){
let e=this._internals.url,n=e?e.username:this._internals.username;return decodeURIComponent(n)}set username(e){j.string(
e);let n=this._internals.url,r=encodeURIComponent(e);n?n.username=r:this._internals.username=r}get password(){let e=this.
_internals.url,n=e?e.password:this._internals.password;return decodeURIComponent(n)}set password(e){j.string(e);let n=this.
_internals.url,r=encodeURIComponent(e);n?n.password=r:this._internals.password=r}get http2(){return this._internals.http2}set http2(e){
j.boolean(e),this._internals.http2=e}get allowGetBody(){return this._internals.allowGetBody}set allowGetBody(e){j.boolean(
e),this._internals.allowGetBody=e}get copyPipedHeaders(){return this._internals.copyPipedHeaders}set copyPipedHeaders(e){
j.boolean(e),this._internals.copyPipedHeaders=e}get headers(){return this._internals.headers}set headers(e){In("headers",
e),this._merging?Object.assign(this._internals.headers,bs(e)):this._internals.headers=bs(e)}get methodRewriting(){return this.
_internals.methodRewriting}set methodRewriting(e){j.boolean(e),this._internals.methodRewriting=e}get dnsLookupIpVersion(){
return this._internals.dnsLookupIpVersion}set dnsLookupIpVersion(e){if(e!==void 0&&e!==4&&e!==6)throw new TypeError(`Inv\
alid DNS lookup IP version: ${e}`);this._internals.dnsLookupIpVersion=e}get parseJson(){return this._internals.parseJson}set parseJson(e){
j.function(e),this._internals.parseJson=e}get stringifyJson(){return this._internals.stringifyJson}set stringifyJson(e){
j.function(e),this._internals.stringifyJson=e}get retry(){return this._internals.retry}set retry(e){if(In("retry",e),$("\
retry.calculateDelay",[m.function,m.undefined],e.calculateDelay),$("retry.maxRetryAfter",[m.number,m.undefined],e.maxRetryAfter),
$("retry.limit",[m.number,m.undefined],e.limit),$("retry.methods",[m.array,m.undefined],e.methods),$("retry.statusCodes",
[m.array,m.undefined],e.statusCodes),$("retry.errorCodes",[m.array,m.undefined],e.errorCodes),$("retry.noise",[m.number,
m.undefined],e.noise),$("retry.enforceRetryRules",[m.boolean,m.undefined],e.enforceRetryRules),e.noise&&Math.abs(e.noise)>
100)throw new Error(`The maximum acceptable retry noise is +/- 100ms, got ${e.noise}`);for(let r in e)if(!(r in this._internals.
retry))throw new Error(`Unexpected retry option: ${r}`);this._merging?Object.assign(this._internals.retry,e):this._internals.
retry={...e};let{retry:n}=this._internals;n.methods=[...new Set(n.methods.map(r=>r.toUpperCase()))],n.statusCodes=[...new Set(
n.statusCodes)],n.errorCodes=[...new Set(n.errorCodes)]}get localAddress(){return this._internals.localAddress}set localAddress(e){
$("localAddress",[m.string,m.undefined],e),this._internals.localAddress=e}get method(){return this._internals.method}set method(e){
j.string(e),this._internals.method=e.toUpperCase()}get createConnection(){return this._internals.createConnection}set createConnection(e){
$("createConnection",[m.function,m.undefined],e),this._internals.createConnection=e}get cacheOptions(){return this._internals.
cacheOptions}set cacheOptions(e){In("cacheOptions",e),$("cacheOptions.shared",[m.boolean,m.undefined],e.shared),$("cache\
Options.cacheHeuristic",[m.number,m.undefined],e.cacheHeuristic),$("cacheOptions.immutableMinTimeToLive",[m.number,m.undefined],
e.immutableMinTimeToLive),$("cacheOptions.ignoreCargoCult",[m.boolean,m.undefined],e.ignoreCargoCult);for(let n in e)if(!(n in
this._internals.cacheOptions))throw new Error(`Cache option \`${n}\` does not exist`);this._merging?Object.assign(this._internals.
cacheOptions,e):this._internals.cacheOptions={...e}}get https(){return this._internals.https}set https(e){In("https",e),
$("https.rejectUnauthorized",[m.boolean,m.undefined],e.rejectUnauthorized),$("https.checkServerIdentity",[m.function,m.undefined],
e.checkServerIdentity),$("https.serverName",[m.string,m.undefined],e.serverName),$("https.certificateAuthority",[m.string,
m.object,m.array,m.undefined],e.certificateAuthority),$("https.key",[m.string,m.object,m.array,m.undefined],e.key),$("ht\
tps.certificate",[m.string,m.object,m.array,m.undefined],e.certificate),$("https.passphrase",[m.string,m.undefined],e.passphrase),
$("https.pfx",[m.string,m.buffer,m.array,m.undefined],e.pfx),$("https.alpnProtocols",[m.array,m.undefined],e.alpnProtocols),
$("https.ciphers",[m.string,m.undefined],e.ciphers),$("https.dhparam",[m.string,m.buffer,m.undefined],e.dhparam),$("http\
s.signatureAlgorithms",[m.string,m.undefined],e.signatureAlgorithms),$("https.minVersion",[m.string,m.undefined],e.minVersion),
$("https.maxVersion",[m.string,m.undefined],e.maxVersion),$("https.honorCipherOrder",[m.boolean,m.undefined],e.honorCipherOrder),
$("https.tlsSessionLifetime",[m.number,m.undefined],e.tlsSessionLifetime),$("https.ecdhCurve",[m.string,m.undefined],e.ecdhCurve),
$("https.certificateRevocationLists",[m.string,m.buffer,m.array,m.undefined],e.certificateRevocationLists),$("https.secu\
reOptions",[m.number,m.undefined],e.secureOptions);for(let n in e)if(!(n in this._internals.https))throw new Error(`HTTP\
S option \`${n}\` does not exist`);this._merging?Object.assign(this._internals.https,e):this._internals.https={...e}}get encoding(){
return this._internals.encoding}set encoding(e){if(e===null)throw new TypeError("To get a Buffer, set `options.responseT\
ype` to `buffer` instead");$("encoding",[m.string,m.undefined],e),this._internals.encoding=e}get resolveBodyOnly(){return this.
_internals.resolveBodyOnly}set resolveBodyOnly(e){j.boolean(e),this._internals.resolveBodyOnly=e}get isStream(){return this.
_internals.isStream}set isStream(e){j.boolean(e),this._internals.isStream=e}get responseType(){return this._internals.responseType}set responseType(e){
if(e===void 0){this._internals.responseType="text";return}if(e!=="text"&&e!=="buffer"&&e!=="json")throw new Error(`Inval\
id \`responseType\` option: ${e}`);this._internals.responseType=e}get pagination(){return this._internals.pagination}set pagination(e){
j.object(e),this._merging?Object.assign(this._internals.pagination,e):this._internals.pagination=e}get auth(){throw new Error(
"Parameter `auth` is deprecated. Use `username` / `password` instead.")}set auth(e){throw new Error("Parameter `auth` is\
 deprecated. Use `username` / `password` instead.")}get setHost(){return this._internals.setHost}set setHost(e){j.boolean(
e),this._internals.setHost=e}get maxHeaderSize(){return this._internals.maxHeaderSize}set maxHeaderSize(e){$("maxHeaderS\
ize",[m.number,m.undefined],e),this._internals.maxHeaderSize=e}get enableUnixSockets(){return this._internals.enableUnixSockets}set enableUnixSockets(e){
j.boolean(e),this._internals.enableUnixSockets=e}get strictContentLength(){return this._internals.strictContentLength}set strictContentLength(e){
j.boolean(e),this._internals.strictContentLength=e}toJSON(){return{...this._internals}}[Symbol.for("nodejs.util.inspect.\
custom")](e,n){return(0,Qr.inspect)(this._internals,n)}createNativeRequestOptions(){let e=this._internals,n=e.url,r;n.protocol===
"https:"?e.http2?r={...e.agent,http2:e.agent.http2??cu.globalAgent}:r=e.agent.https:r=e.agent.http;let{https:o}=e,{pfx:i}=o;
return m.array(i)&&m.plainObject(i[0])&&(i=i.map(s=>({buf:s.buffer,passphrase:s.passphrase}))),{...e.cacheOptions,...this.
_unixOptions,ALPNProtocols:o.alpnProtocols,ca:o.certificateAuthority,cert:o.certificate,key:o.key,passphrase:o.passphrase,
pfx:o.pfx,rejectUnauthorized:o.rejectUnauthorized,checkServerIdentity:o.checkServerIdentity??pb.checkServerIdentity,servername:o.
serverName,ciphers:o.ciphers,honorCipherOrder:o.honorCipherOrder,minVersion:o.minVersion,maxVersion:o.maxVersion,sigalgs:o.
signatureAlgorithms,sessionTimeout:o.tlsSessionLifetime,dhparam:o.dhparam,ecdhCurve:o.ecdhCurve,crl:o.certificateRevocationLists,
secureOptions:o.secureOptions,lookup:e.dnsLookup??e.dnsCache?.lookup,family:e.dnsLookupIpVersion,agent:r,setHost:e.setHost,
method:e.method,maxHeaderSize:e.maxHeaderSize,localAddress:e.localAddress,headers:e.headers,createConnection:e.createConnection,
timeout:e.http2?SI(e):void 0,h2session:e.h2session}}getRequestFunction(){let e=this._internals.url,{request:n}=this._internals;
return!n&&e?this.getFallbackRequestFunction():n}getFallbackRequestFunction(){let e=this._internals.url;if(e){if(e.protocol===
"https:"){if(this._internals.http2){if(fb<15||fb===15&&dI<10){let n=new Error("To use the `http2` option, install Node.j\
s 15.10.0 or above");throw n.code="EUNSUPPORTED",n}return cu.auto}return ib.request}return ds.request}}freeze(){let e=this.
_internals;Object.freeze(e),Object.freeze(e.hooks),Object.freeze(e.hooks.afterResponse),Object.freeze(e.hooks.beforeError),
Object.freeze(e.hooks.beforeRedirect),Object.freeze(e.hooks.beforeRequest),Object.freeze(e.hooks.beforeRetry),Object.freeze(
e.hooks.init),Object.freeze(e.https),Object.freeze(e.cacheOptions),Object.freeze(e.agent),Object.freeze(e.headers),Object.
freeze(e.timeout),Object.freeze(e.retry),Object.freeze(e.retry.errorCodes),Object.freeze(e.retry.methods),Object.freeze(
e.retry.statusCodes)}}});var Ft,Ut,ks,Es=O(()=>{l();Rn();Ft=t=>{let{statusCode:e}=t,{followRedirect:n}=t.request.options,o=(typeof n=="function"?
n(t):n)?299:399;return e>=200&&e<=o||e===304},Ut=class extends K{name="ParseError";code="ERR_BODY_PARSE_FAILURE";constructor(e,n){
let{options:r}=n.request;super(`${e.message} in "${r.url.toString()}"`,e,n.request)}},ks=(t,e,n,r)=>{let{rawBody:o}=t;try{
if(e==="text")return o.toString(r);if(e==="json")return o.length===0?"":n(o.toString(r));if(e==="buffer")return o}catch(i){
throw new Ut(i,t)}throw new Ut({message:`Unknown body type '${e}'`,name:"Error"},t)}});function kI(t){return t.writable&&!t.writableEnded}var mb,yb=O(()=>{l();mb=kI});function Zr(t){return t.protocol==="unix:"||t.hostname==="unix"}function uu(t){if(Zr(t))return/(?<socketPath>.+?):(?<path>.+)/.
exec(`${t.pathname}${t.search}`)?.groups?.socketPath}var gb=O(()=>{l()});var wb,Et,bb=O(()=>{l();wb=require("node:diagnostics_channel"),Et=wb,{}=wb});function fu(){return(0,Sb.randomUUID)()}function du(t){ge.requestCreate.hasSubscribers&&ge.requestCreate.publish(t)}function pu(t){
ge.requestStart.hasSubscribers&&ge.requestStart.publish(t)}function hu(t){ge.responseStart.hasSubscribers&&ge.responseStart.
publish(t)}function mu(t){ge.responseEnd.hasSubscribers&&ge.responseEnd.publish(t)}function yu(t){ge.retry.hasSubscribers&&
ge.retry.publish(t)}function gu(t){ge.error.hasSubscribers&&ge.error.publish(t)}function wu(t){ge.redirect.hasSubscribers&&
ge.redirect.publish(t)}var Sb,ge,bu=O(()=>{l();Sb=require("node:crypto");bb();ge={requestCreate:Et.channel("got:request:\
create"),requestStart:Et.channel("got:request:start"),responseStart:Et.channel("got:response:start"),responseEnd:Et.channel(
"got:response:end"),retry:Et.channel("got:request:retry"),error:Et.channel("got:request:error"),redirect:Et.channel("got\
:response:redirect")}});var Pn,Ab,EI,AI,kb,TI,Su,_I,Eb,OI,As,Bt,Ts=O(()=>{l();Vi();Pn=require("node:buffer"),Ab=require("node:stream");zl();Ow();
vw();Cw();Je();eu();Ww();Jw();tu();ru();tb();nb();rb();au();Nn();Es();yb();gb();Rn();bu();EI=m.string(ce.versions.brotli),
AI=m.string(ce.versions.zstd),kb=new Set(["GET","HEAD"]),TI=new Set(["OPTIONS","DELETE","PATCH"]),Su=new zr,_I=new Set([
300,301,302,303,304,307,308]),Eb=new WeakSet,OI=["socket","connect","continue","information","upgrade"],As=()=>{},Bt=class t extends Ab.Duplex{["\
constructor"];_noPipe;options;response;requestUrl;redirectUrls=[];retryCount=0;_stopReading=!1;_stopRetry=As;_downloadedSize=0;_uploadedSize=0;_pipedServerResponses=new Set;_request;_responseSize;_bodySize;_unproxyEvents=As;_isFromCache;_triggerRead=!1;_jobs=[];_cancelTimeouts=As;_removeListeners=As;_nativeResponse;_flushed=!1;_aborted=!1;_expectedContentLength;_compressedBytesCount;_requestId=fu();_requestInitialized=!1;constructor(e,n,r){
super({autoDestroy:!1,highWaterMark:0}),this.on("pipe",i=>{this.options.copyPipedHeaders&&i?.headers&&Object.assign(this.
options.headers,i.headers)}),this.on("newListener",i=>{if(i==="retry"&&this.listenerCount("retry")>0)throw new Error("A \
retry listener has been attached already.")});try{if(this.options=new ye(e,n,r),!this.options.url){if(this.options.prefixUrl===
"")throw new TypeError("Missing `url` property");this.options.url=""}this.requestUrl=this.options.url,du({requestId:this.
_requestId,url:this.options.url?.toString()??"",method:this.options.method})}catch(i){let{options:s}=i;s&&(this.options=
s),this.flush=async()=>{this.flush=async()=>{},ce.nextTick(()=>{if(this.options)this._beforeError(i);else{let a=i instanceof
K?i:new K(i.message,i,this);this.destroy(a)}})};return}let{body:o}=this.options;if(m.nodeStream(o)&&o.once("error",i=>{this.
_flushed?this._beforeError(new xn(i,this)):this.flush=async()=>{this.flush=async()=>{},this._beforeError(new xn(i,this))}}),
this.options.signal){let i=()=>{this.options.signal?.reason?.name==="TimeoutError"?this.destroy(new vn(this.options.signal.
reason,this.timings,this)):this.destroy(new qr(this))};this.options.signal.aborted?i():(this.options.signal.addEventListener(
"abort",i),this._removeListeners=()=>{this.options.signal?.removeEventListener("abort",i)})}}async flush(){if(!this._flushed){
this._flushed=!0;try{if(await this._finalizeBody(),this.destroyed)return;if(await this._makeRequest(),this.destroyed){this.
_request?.destroy();return}for(let e of this._jobs)e();this._jobs.length=0,this._requestInitialized=!0}catch(e){this._beforeError(
e)}}}_beforeError(e){if(this._stopReading)return;let{response:n,options:r}=this,o=this.retryCount+(e.name==="RetryError"?
0:1);this._stopReading=!0,e instanceof K||(e=new K(e.message,e,this));let i=e;(async()=>{if(n?.readable&&!n.rawBody&&!this.
_request?.socket?.destroyed&&(n.setEncoding(this.readableEncoding),await this._setRawBody(n)&&(n.body=n.rawBody.toString())),
this.listenerCount("retry")!==0){let s;try{let a;n&&"retry-after"in n.headers&&(a=Number(n.headers["retry-after"]),Number.
isNaN(a)?(a=Date.parse(n.headers["retry-after"])-Date.now(),a<=0&&(a=1)):a*=1e3);let c=r.retry,u=ws({attemptCount:o,retryOptions:c,
error:i,retryAfter:a,computedValue:c.maxRetryAfter??r.timeout.request??Number.POSITIVE_INFINITY});c.enforceRetryRules&&u===
0?s=0:s=await c.calculateDelay({attemptCount:o,retryOptions:c,error:i,retryAfter:a,computedValue:u})}catch(a){this._error(
new K(a.message,a,this));return}if(s){if(await new Promise(d=>{let f=setTimeout(d,s);this._stopRetry=()=>{clearTimeout(f),
d()}}),this.destroyed)return;let a=this.options.body;try{for(let d of this.options.hooks.beforeRetry)await d(i,this.retryCount+
1)}catch(d){this._error(new K(d.message,d,this));return}if(this.destroyed)return;let c=this.options.body;if(a!==c){let d=a;
if(this.options.body=void 0,this.destroy(),m.nodeStream(d)&&d!==c&&d.destroy(),m.nodeStream(c)&&(c.readableEnded||c.destroyed))
throw new TypeError("The reassigned stream body must be readable. Ensure you provide a fresh, readable stream in the bef\
oreRetry hook.");this.options._internals.body=c}else this.destroy();yu({requestId:this._requestId,retryCount:this.retryCount+
1,error:i,delay:s}),this.emit("retry",this.retryCount+1,e,d=>{let f=new t(r.url,d,r);return f.retryCount=this.retryCount+
1,ce.nextTick(()=>{f.flush()}),f});return}}this._error(i)})()}_read(){this._triggerRead=!0;let{response:e}=this;if(e&&!this.
_stopReading){e.readableLength&&(this._triggerRead=!1);let n;for(;(n=e.read())!==null;){this._downloadedSize+=n.length;let r=this.
downloadProgress;r.percent<1&&this.emit("downloadProgress",r),this.push(n)}}}_write(e,n,r){let o=()=>{this._writeRequest(
e,n,r)};this._requestInitialized?o():this._jobs.push(o)}_final(e){let n=()=>{if(!this._request||this._request.destroyed){
e();return}this._request.end(r=>{this._request?._writableState?.errored||(r||(this._bodySize=this._uploadedSize,this.emit(
"uploadProgress",this.uploadProgress),this._request?.emit("upload-complete")),e(r))})};this._requestInitialized?n():this.
_jobs.push(n)}_destroy(e,n){if(this._stopReading=!0,this.flush=async()=>{},this._stopRetry(),this._cancelTimeouts(),this.
_removeListeners(),this.options){let{body:o}=this.options;m.nodeStream(o)&&o.destroy()}this._request&&this._request.destroy();
let r=this._request?.timings;r&&m.undefined(r.end)&&!m.undefined(r.response)&&m.undefined(r.error)&&m.undefined(r.abort)&&
(r.end=Date.now(),m.undefined(r.phases.total)&&(r.phases.download=r.end-r.response,r.phases.total=r.end-r.start)),e!==null&&
!m.undefined(e)&&!(e instanceof Error&&Eb.has(e))&&!(e instanceof K)&&(e=e instanceof Error?new K(e.message,e,this):new K(
String(e),{},this)),n(e)}pipe(e,n){return e instanceof Jl&&this._pipedServerResponses.add(e),super.pipe(e,n)}unpipe(e){return e instanceof
Jl&&this._pipedServerResponses.delete(e),super.unpipe(e),this}_checkContentLengthMismatch(){if(this.options.strictContentLength&&
this._expectedContentLength!==void 0){let e=this._compressedBytesCount??this._downloadedSize;if(e!==this._expectedContentLength)
return this._beforeError(new Dt({message:`Content-Length mismatch: expected ${this._expectedContentLength} bytes, receiv\
ed ${e} bytes`,name:"Error",code:"ERR_HTTP_CONTENT_LENGTH_MISMATCH"},this)),!0}return!1}async _finalizeBody(){let{options:e}=this,
{headers:n}=e,r=!m.undefined(e.form),o=!m.undefined(e.json),i=!m.undefined(e.body),s=kb.has(e.method)&&!(e.method==="GET"&&
e.allowGetBody);if(r||o||i){if(s)throw new TypeError(`The \`${e.method}\` method cannot be used with a body`);let a=!m.string(
n["content-type"]);if(i){if(Yr(e.body)){let u=new Fw(e.body);a&&(n["content-type"]=u.headers["Content-Type"]),"Content-L\
ength"in u.headers&&(n["content-length"]=u.headers["Content-Length"]),e.body=u.encode()}Wr(e.body)&&a&&(n["content-type"]=
`multipart/form-data; boundary=${e.body.getBoundary()}`)}else if(r){a&&(n["content-type"]="application/x-www-form-urlenc\
oded");let{form:u}=e;e.form=void 0,e.body=new URLSearchParams(u).toString()}else{a&&(n["content-type"]="application/json");
let{json:u}=e;e.json=void 0,e.body=e.stringifyJson(u)}let c=await nu(e.body,e.headers);m.undefined(n["content-length"])&&
m.undefined(n["transfer-encoding"])&&!s&&!m.undefined(c)&&(n["content-length"]=String(c))}e.responseType==="json"&&!("ac\
cept"in e.headers)&&(e.headers.accept="application/json"),this._bodySize=Number(n["content-length"])||void 0}async _onResponseBase(e){
if(this.isAborted)return;let{options:n}=this,{url:r}=n;this._nativeResponse=e;let o=e.statusCode,{method:i}=n,s=i==="HEA\
D"||o>=100&&o<200||o===204||o===205||o===304;n.decompress&&!s&&(n.strictContentLength&&(this._compressedBytesCount=0,this.
_nativeResponse.on("data",d=>{this._compressedBytesCount+=ps(d)})),e=Rw(e));let a=e;a.statusMessage=a.statusMessage||ds.
STATUS_CODES[o],a.url=n.url.toString(),a.requestUrl=this.requestUrl,a.redirectUrls=this.redirectUrls,a.request=this,a.isFromCache=
this._nativeResponse.fromCache??!1,a.ip=this.ip,a.retryCount=this.retryCount,a.ok=Ft(a),this._isFromCache=a.isFromCache,
this._responseSize=Number(e.headers["content-length"])||void 0,this.response=a,hu({requestId:this._requestId,url:a.url,statusCode:o,
headers:e.headers,isFromCache:a.isFromCache}),e.once("error",d=>{this._aborted=!0,e.destroy(),this._beforeError(new Dt(d,
this))}),e.once("aborted",()=>{this._aborted=!0,this._checkContentLengthMismatch()||this._beforeError(new Dt({name:"Erro\
r",message:"The server aborted pending request",code:"ECONNRESET"},this))});let c=e.headers["set-cookie"];if(m.object(n.
cookieJar)&&c){let d=c.map(async f=>n.cookieJar.setCookie(f,r.toString()));n.ignoreInvalidCookies&&(d=d.map(async f=>{try{
await f}catch{}}));try{await Promise.all(d)}catch(f){this._beforeError(f);return}}if(this.isAborted)return;if(e.headers.
location&&_I.has(o)&&(typeof n.followRedirect=="function"?n.followRedirect(a):n.followRedirect)){if(e.resume(),this._cancelTimeouts(),
this._unproxyEvents(),this.redirectUrls.length>=n.maxRedirects){this._beforeError(new jr(this));return}this._request=void 0,
this._downloadedSize=0;let f=new ye(void 0,void 0,this.options),p=o===303&&f.method!=="GET"&&f.method!=="HEAD",y=o!==307&&
o!==308,k=f.methodRewriting&&y;(p||k)&&(f.method="GET",f.body=void 0,f.json=void 0,f.form=void 0,delete f.headers["conte\
nt-length"]);try{let w=Pn.Buffer.from(e.headers.location,"binary").toString(),g=new URL(w,r);if(!Zr(r)&&Zr(g)){this._beforeError(
new K("Cannot redirect to UNIX socket",{},this));return}g.hostname!==r.hostname||g.port!==r.port||uu(r)!==uu(g)?("host"in
f.headers&&delete f.headers.host,"cookie"in f.headers&&delete f.headers.cookie,"authorization"in f.headers&&delete f.headers.
authorization,(f.username||f.password)&&(f.username="",f.password="")):(g.username=f.username,g.password=f.password),this.
redirectUrls.push(g),f.url=g;for(let E of f.hooks.beforeRedirect)await E(f,a);wu({requestId:this._requestId,fromUrl:r.toString(),
toUrl:g.toString(),statusCode:o}),this.emit("redirect",f,a),this.options=f,await this._makeRequest()}catch(w){this._beforeError(
w);return}return}if(n.isStream&&n.throwHttpErrors&&!Ft(a)){this._beforeError(new ze(a));return}let u=e!==this._nativeResponse;
if(!s&&(!u||n.strictContentLength)){let d=this._nativeResponse.headers["content-length"];if(d!==void 0){let f=Number(d);
!Number.isNaN(f)&&f>=0&&(this._expectedContentLength=f)}}if(e.once("end",()=>{this._checkContentLengthMismatch()||(this.
_responseSize=this._downloadedSize,this.emit("downloadProgress",this.downloadProgress),mu({requestId:this._requestId,url:a.
url,statusCode:o,bodySize:this._downloadedSize,timings:this.timings}),this.push(null))}),this.emit("downloadProgress",this.
downloadProgress),e.on("readable",()=>{this._triggerRead&&this._read()}),this.on("resume",()=>{e.resume()}),this.on("pau\
se",()=>{e.pause()}),this._noPipe){await this._setRawBody()&&this.emit("response",e);return}this.emit("response",e);for(let d of this.
_pipedServerResponses){if(d.headersSent)continue;let f=e!==this._nativeResponse;for(let p in e.headers)if(Object.hasOwn(
e.headers,p)){let y=e.headers[p];if(f&&(p==="content-encoding"||p==="content-length"))continue;y!==void 0&&d.setHeader(p,
y)}d.statusCode=o}}async _setRawBody(e=this){if(e.readableEnded)return!1;try{let n=await e.toArray(),r=Sn(n.at(0))?Pn.Buffer.
concat(n):Pn.Buffer.from(n.join(""));if(!this.isAborted)return this.response.rawBody=r,!0}catch{}return!1}async _onResponse(e){
try{await this._onResponseBase(e)}catch(n){this._beforeError(n)}}_onRequest(e){let{options:n}=this,{timeout:r,url:o}=n;pu(
{requestId:this._requestId,url:o?.toString()??"",method:n.method,headers:n.headers}),Yw(e),this._cancelTimeouts=iu(e,r,o),
this.options.http2&&(e.removeAllListeners("timeout"),e.once("socket",s=>{s.removeAllListeners("timeout")}));let i=n.cache?
"cacheableResponse":"response";e.once(i,s=>{this._onResponse(s)}),e.once("error",s=>{this._aborted=!0,e.destroy(),s=s instanceof
Jr?new vn(s,this.timings,this):new K(s.message,s,this),this._beforeError(s)}),this._unproxyEvents=Vr(e,this,OI),this._request=
e,this.emit("uploadProgress",this.uploadProgress),this._sendBody(),this.emit("request",e)}async _asyncWrite(e){return new Promise(
(n,r)=>{super.write(e,o=>{if(o){r(o);return}n()})})}_sendBody(){let{body:e}=this.options,n=this.redirectUrls.length===0?
this:this._request??this;if(m.nodeStream(e))e.pipe(n);else if(m.buffer(e))this._writeRequest(e,void 0,()=>{}),n.end();else if(m.
typedArray(e)){let r=e,o=new Uint8Array(r.buffer,r.byteOffset,r.byteLength);this._writeRequest(o,void 0,()=>{}),n.end()}else if(m.
asyncIterable(e)||m.iterable(e)&&!m.string(e)&&!Sn(e))(async()=>{try{for await(let r of e)await this._asyncWrite(r);super.
end()}catch(r){this._beforeError(r)}})();else if(m.undefined(e)){let r=kb.has(this.options.method)&&!(this.options.method===
"GET"&&this.options.allowGetBody),o=TI.has(this.options.method);((this._noPipe??!1)||r||n!==this||o)&&n.end()}else this.
_writeRequest(e,void 0,()=>{}),n.end()}_prepareCache(e){if(Su.has(e))return;let n=new xw(((r,o)=>{let i=o&&(a=>{let{beforeCacheHooks:c,
gotRequest:u}=r;if(!c||c.length===0){o(a);return}try{for(let d of c){let f=d(a);if(f===!1){a.headers["cache-control"]="n\
o-cache, no-store, must-revalidate",a.headers.pragma="no-cache",a.headers.expires="0",o(a);return}if(m.promise(f))throw new TypeError(
"beforeCache hooks must be synchronous. The hook returned a Promise, but this hook must return synchronously. If you nee\
d async logic, use beforeRequest hook instead.");if(f!==void 0)throw new TypeError("beforeCache hook must return false o\
r undefined. To modify the response, mutate it directly.")}}catch(d){if(u){u._beforeError(d instanceof K?d:new K(d.message,
d,u));return}console.error("Got: beforeCache hook error (request context unavailable):",d),o(a);return}o(a)}),s=r._request(
r,i);return m.promise(s)&&(s.once=(a,c)=>{if(a==="error")(async()=>{try{await s}catch(u){c(u)}})();else if(a==="abort"||
a==="destroy")(async()=>{try{(await s).once(a,c)}catch{}})();else throw new Error(`Unknown HTTP2 promise event: ${a}`);return s}),
s}),e);Su.set(e,n.request())}async _createCacheableRequest(e,n){return new Promise((r,o)=>{Object.assign(n,su(e));let i,
s=Su.get(n.cache)(n,async a=>{if(a._readableState.autoDestroy=!1,i){let c=()=>{a.req?a.complete=a.req.res.complete:a.complete===
void 0&&(a.complete=!0)};a.prependOnceListener("end",c),c(),(await i).emit("cacheableResponse",a)}r(a)});s.once("error",
o),s.once("request",async a=>{i=a,r(i)})})}async _makeRequest(){let{options:e}=this,{headers:n,username:r,password:o}=e,
i=e.cookieJar;for(let u in n)if(m.undefined(n[u]))delete n[u];else if(m.null(n[u]))throw new TypeError(`Use \`undefined\` \
instead of \`null\` to delete the \`${u}\` header`);if(e.decompress&&m.undefined(n["accept-encoding"])){let u=["gzip","d\
eflate"];EI&&u.push("br"),AI&&u.push("zstd"),n["accept-encoding"]=u.join(", ")}if(r||o){let u=Pn.Buffer.from(`${r}:${o}`).
toString("base64");n.authorization=`Basic ${u}`}if(i){let u=await i.getCookieString(e.url.toString());m.nonEmptyString(u)&&
(n.cookie=u)}let s;for(let u of e.hooks.beforeRequest){let d=await u(e,{retryCount:this.retryCount});if(!m.undefined(d)){
s=()=>d;break}}s||=e.getRequestFunction();let a=e.url;if(this._requestOptions=e.createNativeRequestOptions(),e.cache){this.
_requestOptions._request=s,this._requestOptions.cache=e.cache,this._requestOptions.body=e.body,this._requestOptions.beforeCacheHooks=
e.hooks.beforeCache,this._requestOptions.gotRequest=this;try{this._prepareCache(e.cache)}catch(u){throw new On(u,this)}}
let c=e.cache?this._createCacheableRequest:s;try{let u=c(a,this._requestOptions);m.promise(u)&&(u=await u),m.undefined(u)&&
(u=e.getFallbackRequestFunction()(a,this._requestOptions),m.promise(u)&&(u=await u)),mb(u)?this._onRequest(u):this.writableEnded?
this._onResponse(u):(this.once("finish",()=>{this._onResponse(u)}),this._sendBody())}catch(u){throw u instanceof hs?new On(
u,this):u}}async _error(e){try{if(!(this.options&&e instanceof ze&&!this.options.throwHttpErrors)){if(this.options){let n=this.
options.hooks.beforeError;if(n.length>0){for(let r of n)if(e=await r(e),!(e instanceof Error))throw new TypeError(`The \`\
beforeError\` hook must return an Error instance. Received ${m.string(e)?"string":typeof e}.`);e instanceof K||Eb.add(e)}}}}catch(n){
e=new K(n.message,n,this)}gu({requestId:this._requestId,url:this.options?.url?.toString()??"",error:e,timings:this.timings}),
this.destroy(e),this._noPipe&&ce.nextTick(()=>{this.emit("error",e)})}_writeRequest(e,n,r){if(!this._request||this._request.
destroyed){r();return}this._request.write(e,n,o=>{if(!o&&!this._request.destroyed){let i=typeof e=="string"?Pn.Buffer.from(
e,n):e;this._uploadedSize+=ps(i);let s=this.uploadProgress;s.percent<1&&this.emit("uploadProgress",s)}r(o)})}get ip(){return this.
socket?.remoteAddress}get isAborted(){return this._aborted}get socket(){return this._request?.socket??void 0}get downloadProgress(){
let e;return this._responseSize?e=this._downloadedSize/this._responseSize:this._responseSize===this._downloadedSize?e=1:
e=0,{percent:e,transferred:this._downloadedSize,total:this._responseSize}}get uploadProgress(){let e;return this._bodySize?
e=this._uploadedSize/this._bodySize:this._bodySize===this._uploadedSize?e=1:e=0,{percent:e,transferred:this._uploadedSize,
total:this._bodySize}}get timings(){return this._request?.timings}get isFromCache(){return this._isFromCache}get reusedSocket(){
return this._request?.reusedSocket}get isReadonly(){return!m.undefined(this.options?.body)||!m.undefined(this.options?.json)||
!m.undefined(this.options?.form)}}});var eo,ku=O(()=>{l();Rn();eo=class extends K{constructor(e){super("Promise was canceled",{},e),this.name="CancelError",this.
code="ERR_CANCELED"}get isCanceled(){return!0}}});function _s(t){let e,n,r,o=new Tb.EventEmitter,i=!1,s=new _n((c,u,d)=>{d(()=>{e.destroy()}),d.shouldReject=!1,d(()=>{i=!0,
u(new eo(e))});let f=p=>{d(()=>{});let y=t??new Bt(void 0,void 0,r);y.retryCount=p,y._noPipe=!0,e=y,y.once("response",async S=>{
let E=(S.headers["content-encoding"]??"").toLowerCase(),_=E==="gzip"||E==="deflate"||E==="br"||E==="zstd",{options:v}=y;
if(_&&!v.decompress)S.body=S.rawBody;else try{S.body=ks(S,v.responseType,v.parseJson,v.encoding)}catch(I){try{S.body=S.rawBody.
toString()}catch(P){y._beforeError(new Ut(P,S));return}if(Ft(S)){y._beforeError(I);return}}try{let I=v.hooks.afterResponse;
for(let[P,Y]of I.entries())if(S=await Y(S,async C=>{let Q=C.preserveHooks??!1;throw v.merge(C),v.prefixUrl="",C.url&&(v.
url=C.url),Q||(v.hooks.afterResponse=v.hooks.afterResponse.slice(0,P)),new Dr(y)}),!(m.object(S)&&m.number(S.statusCode)&&
"body"in S))throw new TypeError("The `afterResponse` hook returned an invalid value")}catch(I){y._beforeError(I);return}
if(n=S,!Ft(S)){y._beforeError(new ze(S));return}y.destroy(),i=!0,c(y.options.resolveBodyOnly?S.body:S)});let k=!1,w=S=>{
if(s.isCanceled)return;if(!y._stopReading){y._beforeError(S);return}if(k)return;k=!0,i=!0;let{options:E}=y;if(S instanceof
ze&&!E.throwHttpErrors){let{response:_}=S;y.destroy(),c(y.options.resolveBodyOnly?_.body:_);return}u(S)};y.on("error",w);
let g=y.options?.body;y.once("retry",(S,E)=>{if(t=void 0,i)return;let _=y.options.body;if(g===_&&m.nodeStream(_)){E.message=
"Cannot retry with consumed body stream",w(E);return}r=y.options,f(S)}),Vr(y,o,xI),m.undefined(t)&&y.flush()};f(0)});s.on=
(c,u)=>(o.on(c,u),s),s.off=(c,u)=>(o.off(c,u),s);let a=(c,u)=>{let d=(async()=>{await c;let{options:f}=n.request;return ks(
n,u,f.parseJson,f.encoding)})();return Object.defineProperties(d,Object.getOwnPropertyDescriptors(c)),d};return s.json=function(){
if(e.options){let{headers:c}=e.options;!e.writableFinished&&!("accept"in c)&&(c.accept="application/json")}return a(this,
"json")},s.buffer=function(){return a(this,"buffer")},s.text=function(){return a(this,"text")},s}var Tb,xI,_b=O(()=>{l();
Tb=require("node:events");Je();Aw();Rn();Ts();Es();ru();ku();xI=["request","response","redirect","uploadProgress","downl\
oadProgress"]});var Ob,vI,RI,xb,Os,Eu=O(()=>{l();Ob=require("node:timers/promises");Je();_b();Ts();Nn();vI=t=>m.function(t),RI=["get","p\
ost","put","patch","head","delete"],xb=t=>{t={options:new ye(void 0,void 0,t.options),handlers:[...t.handlers],mutableDefaults:t.
mutableDefaults},Object.defineProperty(t,"mutableDefaults",{enumerable:!0,configurable:!1,writable:!1});let e=((r,o,i=t.
options)=>{let s=new Bt(r,o,i),a,c=f=>(s.options=f,s._noPipe=!f?.isStream,s.flush(),f?.isStream?s:(a||=_s(s),a)),u=0,d=f=>{
let y=(t.handlers[u++]??c)(f,d);if(m.promise(y)&&!s.options?.isStream&&(a||=_s(s),y!==a)){let k=Object.getOwnPropertyDescriptors(
a);for(let w in k)w in y&&delete k[w];Object.defineProperties(y,k),y.cancel=a.cancel}return y};return d(s.options)});e.extend=
(...r)=>{let o=new ye(void 0,void 0,t.options),i=[...t.handlers],s;for(let a of r)vI(a)?(o.merge(a.defaults.options),i.push(
...a.defaults.handlers),s=a.defaults.mutableDefaults):(o.merge(a),a.handlers&&i.push(...a.handlers),s=a.mutableDefaults);
return xb({options:o,handlers:i,mutableDefaults:!!s})};let n=(async function*(r,o){let i=new ye(r,o,t.options);i.resolveBodyOnly=
!1;let{pagination:s}=i;j.function(s.transform),j.function(s.shouldContinue),j.function(s.filter),j.function(s.paginate),
j.number(s.countLimit),j.number(s.requestLimit),j.number(s.backoff);let a=[],{countLimit:c}=s,u=0;for(;u<s.requestLimit;){
u!==0&&await(0,Ob.setTimeout)(s.backoff);let d=await e(void 0,void 0,i),f=await s.transform(d),p=[];j.array(f);for(let k of f)
if(s.filter({item:k,currentItems:p,allItems:a})&&(!s.shouldContinue({item:k,currentItems:p,allItems:a})||(yield k,s.stackAllItems&&
a.push(k),p.push(k),--c<=0)))return;let y=s.paginate({response:d,currentItems:p,allItems:a});if(y===!1)return;if(y===d.request.
options)i=d.request.options;else{i.merge(y);try{j.any([m.urlInstance,m.undefined],y.url)}catch(k){throw k instanceof Error&&
(k.message=`Option 'pagination.paginate.url': ${k.message}`),k}y.url!==void 0&&(i.prefixUrl="",i.url=y.url)}u++}});e.paginate=
n,e.paginate.all=(async(r,o)=>{let i=[];for await(let s of n(r,o))i.push(s);return i}),e.paginate.each=n,e.stream=((r,o)=>e(
r,{...o,isStream:!0}));for(let r of RI)e[r]=((o,i)=>e(o,{...i,method:r})),e.stream[r]=((o,i)=>e(o,{...i,method:r,isStream:!0}));
return t.mutableDefaults||(Object.freeze(t.handlers),t.options.freeze()),Object.defineProperty(e,"defaults",{value:t,writable:!1,
configurable:!1,enumerable:!0}),e},Os=xb});var vb=O(()=>{l()});var Cb={};$n(Cb,{AbortError:()=>qr,CacheError:()=>On,CancelError:()=>eo,HTTPError:()=>ze,MaxRedirectsError:()=>jr,Options:()=>ye,
ParseError:()=>Ut,ReadError:()=>Dt,RequestError:()=>K,RetryError:()=>Dr,TimeoutError:()=>vn,UploadError:()=>xn,calculateRetryDelay:()=>ws,
create:()=>Os,default:()=>II,generateRequestId:()=>fu,got:()=>Rb,isResponseOk:()=>Ft,parseBody:()=>ks,parseLinkHeader:()=>Xr,
publishError:()=>gu,publishRedirect:()=>wu,publishRequestCreate:()=>du,publishRequestStart:()=>pu,publishResponseEnd:()=>mu,
publishResponseStart:()=>hu,publishRetry:()=>yu});var CI,Rb,II,Ib=O(()=>{l();Eu();Nn();Nn();Nn();Es();Ts();Rn();bu();au();
ku();vb();Eu();lu();CI={options:new ye,handlers:[],mutableDefaults:!1},Rb=Os(CI),II=Rb});var $b={};$n($b,{MAX_REPLY_BYTES:()=>Pb,createHttp:()=>MI});function MI(t){let{agents:e=Qy()}=t,{got:n}=(Ib(),Rs(Cb));return jI.
bind(void 0,{...t,agents:e,got:n})}async function jI(t,e){e.signal.throwIfAborted();let n=z()+e.timeoutMs,r=new AbortController,
o=AbortSignal.timeout(Math.ceil(e.timeoutMs)),i=AbortSignal.any([e.signal,o,r.signal]),s=Math.min(e.connectTimeoutMs??NI,
Math.ceil(e.timeoutMs)),a={method:e.method,url:e.url,signal:i,json:e.json&&Au(e.json),form:e.form&&Au(e.form),headers:{"\
user-agent":t.userAgent,"accept-encoding":"identity",accept:"application/json",...Au(e.headers??{})},agent:{...await t.agents(
e,i)},...e.ca===void 0?{}:{https:{certificateAuthority:rs(e.ca)}}},c=t.got({...a,followRedirect:!1,decompress:!1,timeout:{
lookup:s,connect:s,secureConnect:s,request:t.attemptTimeoutMs??PI},retry:DI(e,()=>n-z(),t)}),u=p=>{p>Pb&&r.abort()},d;c.
on("request",p=>{d=Py(p),$y(p),p.once("response",({headers:y})=>u(Number(y["content-length"]??0)))}),c.on("downloadProgr\
ess",({transferred:p})=>u(p));let f=await c.catch(p=>{throw e.signal.throwIfAborted(),r.signal.aborted?Gy(e):Dy(p,e,{outOfTime:o.
aborted,attempt:d})});return Ky(f,e,ns(d))}function DI(t,e,n){let{random:r=Math.random,now:o=Date.now}=n;return{limit:t.
retries,methods:["GET","POST"],statusCodes:LI,errorCodes:[...Fy,xl],maxRetryAfter:Number.MAX_SAFE_INTEGER,calculateDelay:({
attemptCount:i,computedValue:s,error:a})=>{if(s===0)return 0;let c=Math.min(Nb*3**(i-1),$I),u=eg(a.response?.headers??{},
o)??c*(.5+r()/2);return u<e()?Math.max(Nb/2,u):0}}}function Au(t){let e={};for(let[n,r]of Object.entries(t))e[n]=r instanceof
L?r.reveal():r;return e}var Pb,NI,PI,Nb,$I,LI,Lb=O(()=>{"use strict";l();H();Al();Tl();vl();Yy();Zy();tg();cs();st();Pb=
64*1024,NI=1e4,PI=1e4,Nb=200,$I=5e3,LI=[408,429,...Array.from({length:100},(t,e)=>500+e)]});l();l();l();l();l();l();l();var Lu=require("node:crypto"),et=12*36e5;function ro(t){return J(t.reveal()).slice(0,12)}function J(t){return(0,Lu.hash)(
"sha256",t)}var Cs=4096;function Gt(t){return t.length<=Cs&&/^[\x21-\x7e]+$/.test(t)}var iS=/^(?:y[0-3]_[-_A-Za-z0-9]{20,}|AQAA[-_A-Za-z0-9]{20,}|Ag[-_A-Za-z0-9]{30,})$/,
sS=/^t\d\.[-_=A-Za-z0-9]+\.[-_=A-Za-z0-9]+$/;function oo(t){return iS.test(t)}function io(t){return sS.test(t)}var aS=/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;function Is(t){let[,e,n="",r]=typeof t=="strin\
g"?aS.exec(t)??[]:[];if(e===void 0||r===void 0)return;let o=Date.parse(`${e}${n.slice(0,4)}${r}`);return Number.isNaN(o)?
void 0:o}function Yt(t,e){if(t==null)return"has no expiresAt";let n=Is(t);return n===void 0?"has an expiresAt that is no\
t an RFC 3339 time with a zone":n<=e?"has an expiresAt that is in the past":Math.min(n,e+et)}function so(t,e){return t==
null?"has no expires_in":typeof t!="number"||!Number.isFinite(t)||t<=0?"has an expires_in that is not a number of second\
s above zero":e+Math.min(t*1e3,et)}M();D();l();l();M();D();var fS={ms:1,s:1e3,m:6e4,h:36e5},dS=/^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h))+$/,pS=/(\d+(?:\.\d+)?)(ms|s|m|h)/g;
function Uu(t,e,n=T(e)){if(!dS.test(t))throw new N(b`${n} is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.`,
e);return[...t.matchAll(pS)].reduce((r,[,o,i])=>r+Math.round(Number(o)*fS[i]),0)}function ue(t){let e=Math.max(0,Math.floor(
t/1e3)),r=[[Math.floor(e/3600),"h"],[Math.floor(e/60)%60,"m"],[e%60,"s"]].filter(([o])=>o>0).slice(0,2);return r.length===
0?"0s":r.map(([o,i])=>`${o}${i}`).join(" ")}l();M();D();var hS=/^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/;function mS({protocol:t,hostname:e}){return t==="https:"||
t==="http:"&&hS.test(e)}function Ps(t,e,n){if(!URL.canParse(t))throw new N(b`${be(e)} is not a URL. Write it like https://host/path.`,
n);let r=new URL(t);if(r.username!==""||r.password!=="")throw new N(b`${be(e)} has a user or a password in it. Write the URL without them.`,
n);if(mS(r))return r;throw new N(b`${be(e)} must use https: a credential goes there. Plain http is for loopback addresses only.`,
n)}function fo(t,e,n){let r=Ps(t.includes("://")?t:`https://${t}`,e,n);if(r.search===""&&r.hash==="")return r.href.replace(
/\/+$/,"");throw new N(b`${be(e)} has a query or a fragment in it. Write the URL without them.`,n)}M();D();H();l();H();var wf=3600,bf=15,Sf=(wf-bf)*1e3;function MS(){return globalThis.crypto.subtle,gf(),Rs(yf)}async function kf(t,e,n){
let{SignJWT:r}=MS(),o=Math.floor(n/1e3)-bf,i=await new r().setProtectedHeader({typ:"JWT",alg:"PS256",kid:t.id}).setIssuer(
t.subjectId).setAudience(e).setIssuedAt(o).setExpirationTime(o+wf).sign(t.privateKey);return new L(i)}l();M();D();var Kn={ru:{api:"https://api.cloud.yandex.net",iam:"https://iam.api.cloud.yandex.net",auth:"https://auth.yandex.\
cloud"},kz:{api:"https://api.yandexcloud.kz",iam:"https://iam.api.yandexcloud.kz"}},Ot="/iam/v1/tokens",jS=["endpoint","\
iamEndpoint","authEndpoint"];function Ef(t,e=T){let n={};for(let d of jS){let f=t[d];f!==void 0&&(n[d]=fo(f,()=>e(d),d))}
let{endpoint:r,iamEndpoint:o,authEndpoint:i}=n,s=DS(t.installation,r),a=s==="own"?void 0:Kn[s],c=s==="own"?void 0:Kn[s===
"ru"?"kz":"ru"];for(let[d,f]of Object.entries(n))if(Object.values(c??{}).includes(f))throw qS(d,s,e);let u=r!==void 0&&r!==
a?.api;return{installation:s,api:r??Kn[s==="kz"?"kz":"ru"].api,iam:o??(u?void 0:a?.iam),audience:t.audience??(a===void 0?
void 0:`${a.iam}${Ot}`),auth:i??a?.auth,identity:JSON.stringify([s,r,o,i,t.audience])}}function DS(t,e){return t==="ru"||
t==="kz"?t:e===void 0||e===Kn.ru.api?"ru":e===Kn.kz.api?"kz":"own"}function qS(t,e,n){let r=e==="ru"?"kz":"ru";return new N(
b`${n(t)} is an address of the installation ${r}, but the installation in use is ${e}: a credential of one is unknown to the other. Set ${T(
"installation")} to ${r}, or leave the address out.`,t)}l();M();D();var Tf=[400,401,403,404];function Hn(t){return t instanceof q||t instanceof R?Tf.includes(t.reply.status??0)&&
_f(t.reply):!1}function _f({iamCode:t,oauthError:e}){return t!==void 0||e!==void 0}function Gn(t){return Hn(t)&&t.reply.
status===401}function Of(t){if(!(t instanceof q)||!Tf.includes(t.reply.status??0))return t;let{text:e,reply:n}=t;return _f(
n)?new R(b`${e}${US(n.serviceMessage??"")}`,void 0,n):new q(b`${e} These are not the words of Yandex Cloud: a proxy or a gateway seems to answer in its place. Check ${T(
"iamEndpoint")}, ${T("authEndpoint")} and the proxy.`,"status",n)}var Af=b`${T("serviceAccountKey")}, ${T("workloadIdent\
ity")} or ${T("ycCli")}`;function US(t){return/issued after '[^']*',? is not supported/.test(t)?b` Yandex Cloud refuses OAuth tokens made since 1 June 2026. Use ${Af} instead.`:
/OAuth token is invalid or expired/.test(t)?b` OAuth tokens live 12 months, and none made since 1 June 2026 is taken. Use ${Af} instead.`:
/does not registered/.test(t)?" This Yandex account never signed in to Yandex Cloud: open the console once.":""}var FS=[
[/^aje/,"ru"],[/^(?:b2b|ao7)/,"kz"]];function bo(t,e,{installation:n}){let r=FS.find(([o])=>o.test(e))?.[1];return!(t instanceof
R)||r===void 0||n==="own"||r===n?t:new R(b`${t.text} The account's id begins like those of the installation ${r}, but ${T(
"installation")} is ${n}: credentials of one are unknown to the other.`,"installation",t.reply)}l();M();Re();D();H();function Ce(t,e){let n=fe(t.body.reveal());if(n!==void 0)return n;let r=t.headers["content-type"]??"no content type";throw Le(
t,e,`is not a JSON object (${r}, ${t.body.reveal().length} characters)`)}function Yn(t,e,n,r){let o=t[e];if(typeof o!="s\
tring"||o==="")throw Le(n,r,`has no ${e}`);if(Gt(o))return new L(o);throw Le(n,r,`has a ${e} that cannot be a token: it \
is too long, or has white space in it`)}function Le(t,e,n){let r=t.headers["x-request-id"],o=r===void 0?"":` (request id\
 ${r})`;return new q(b`${e} ${n}${o}. Is a proxy or another service answering in its place?`,"reply",{status:t.status,...r===
void 0?{}:{requestId:r}})}var So=class{constructor(e,n,r){this.context=e;this.endpoints=n;this.clock=r}async exchangeKey(e,n){let r=this.endpoints.
audience??`${await this.#t(n)}${Ot}`;for(let o=!1;;o=!0){let i=this.clock.now(),s=new Promise(setImmediate).then(this.context.
loadHttp),[a]=await Promise.all([kf(e,r,i),s]);try{let c=await this.send(n,Ot,{json:{jwt:a}});return{...this.#n(c),subjectId:e.
subjectId}}catch(c){if(o||!this.#e(c,i))throw c}}}async exchangeOauthToken(e,n){let r={yandexPassportOauthToken:e};return this.#n(
await this.send(n,Ot,{json:r}))}async exchangeSubjectToken(e,n,r){let o={grant_type:"urn:ietf:params:oauth:grant-type:to\
ken-exchange",requested_token_type:"urn:ietf:params:oauth:token-type:access_token",audience:n,subject_token:e,subject_token_type:"\
urn:ietf:params:oauth:token-type:id_token"},i=await this.send(r,"/oauth/token",{form:o},this.authRoot());return{...Ys(i,
this.clock,"the reply to the token exchange"),subjectId:n}}async impersonate(e,n,r){let o=`${Ot}:createForServiceAccount`,
i={json:{serviceAccountId:n},headers:Jt(e)},s=await this.send(r,o,i);return{...this.#n(s),subjectId:n}}async revoke(e,n){
let r={json:{iamToken:e},headers:Jt(e)},o=await this.send(n,`${Ot}:revoke`,r),{subjectId:i}=Ce(o,"IAM's reply");return this.
clock.observe(o.serverTime,o.ageMs),typeof i=="string"?i:void 0}authRoot(){if(this.endpoints.auth!==void 0)return this.endpoints.
auth;throw new N(b`no address is known for exchanging OIDC tokens in this installation: set ${T("authEndpoint")}.`,"auth\
Endpoint")}async send(e,n,r,o=this.endpoints.iam){let i=`${o??await this.#t(e)}${n}`,{signal:s,retries:a}=e;try{let c=e.
remaining();return await this.context.http({method:"POST",url:i,...r,signal:s,timeoutMs:c,retries:a})}catch(c){throw Of(
c)}}#e(e,n){if(!Hn(e))return!1;let{clock:r,context:o}=this;if(!r.observe(e.reply.serverTime))return r.now()>=n+Sf;let{offsetMs:i}=r,
s=`${ue(Math.abs(i))} ${i>0?"slow":"fast"}`;return r.isHostWrong&&o.log.warn(`this host's clock is ${s}; going by IAM's`),
!0}async#t({signal:e,remaining:n,retries:r}){let{api:o}=this.endpoints,{http:i,session:s}=this.context,a=s.addresses.get(
o);if(a!==void 0)return a;let c=`${o}/endpoints`,u=await i({method:"GET",url:c,signal:e,timeoutMs:n(),retries:r}),{endpoints:d}=Ce(
u,"the endpoint list"),p=(Array.isArray(d)?d:[]).find(k=>k?.id==="iam")?.address;if(typeof p!="string")throw new q(b`${c} lists no endpoint with id iam. Set ${T(
"iamEndpoint")} and ${T("audience")} instead.`,"reply");let y=fo(p,`the address of IAM in the list of ${c}`,"endpoint");
return s.addresses.set(o,y),y}#n(e){let n="IAM's reply",r=Ce(e,n),o=Yn(r,"iamToken",e,n);this.clock.observe(e.serverTime,
e.ageMs);let i=this.clock.now(),s=Yt(r.expiresAt,i);if(typeof s=="string")throw Le(e,n,s);return{token:o,issuedAt:i,expiresAt:s}}};
function Jt(t){return{authorization:new L(`Bearer ${t.reveal()}`)}}function Ys(t,e,n){let r=Ce(t,n),o=Yn(r,"access_token",
t,n);e.observe(t.serverTime,t.ageMs);let i=e.now(),s=so(r.expires_in,i-(t.ageMs??0));if(typeof s=="string")throw Le(t,n,
s);return{token:o,issuedAt:i,expiresAt:s}}var BS="/iam/aws-compatibility/v1/ephemeralAccessKeys",Ws="IAM's reply";async function xf(t,e,n,r){let{durationMs:o,sessionName:i,
policy:s,subjectId:a}=n,c={sessionName:i,duration:`${o/1e3}s`,...s===void 0?{}:{policy:s},...a===void 0?{}:{subjectId:a}};
return KS(await t.send(r,BS,{json:c,headers:Jt(e)}),t)}function KS(t,{clock:e}){let n=Ce(t,Ws),r=d=>Yn(n,d,t,Ws),[o,i,s]=[
r("accessKeyId"),r("secret"),r("sessionToken")];e.observe(t.serverTime,t.ageMs);let a=e.now(),c=Yt(n.expiresAt,a);if(typeof c==
"string")throw Le(t,Ws,c);let u=new Date(c).toISOString();return{key:{accessKeyId:o.reveal(),secretAccessKey:i,sessionToken:s,
expiresAt:u},issuedAt:a,expiresAt:c}}function vf(t){if(!(t instanceof R))return t;let n={401:" The token is dead: it was\
 revoked or has expired. Get a new one.",403:" The caller needs the role iam.serviceAccounts.ephemeralAccessKeyAdmin on \
the account or its folder."}[t.reply.status??0]??"";return new R(b`IAM gives no ephemeral access key: ${t.text}${n}`,t.option,
t.reply)}l();async function ko({get:t,forget:e,explain:n},r){let o=await t();try{return await r(o)}catch(i){if(!Gn(i))throw n(i);await e(
o.token);let s=await t();if(s.token.reveal()===o.token.reveal())throw n(i);return r(s).catch(async a=>{throw Gn(a)&&await e(
s.token),n(a)})}}l();M();Re();D();l();M();D();H();var HS={string:zt,path:zt,url:zt,secret:VS,duration:(t,e)=>Uu(zt(t,e),e.path,Be(e)),enum:JS,integer:zS,boolean:XS,stringList:QS};
function xt(t,e,n,r){Js(t,n,e);let o={},i={};for(let[s,a]of Object.entries(e)){let c=n[s]??void 0,u=c===void 0&&a.env!==
void 0?YS(a.env,r):void 0;if(c===void 0&&u===void 0)continue;let d=u===void 0?c:GS(a,r[u]);i[s]=u;let f=t===""?s:`${t}.${s}`;
o[s]=HS[a.kind](d,{path:f,variable:u},a)}return{values:o,source:s=>Be({path:Vs(t,s),variable:i[s]}),isFromVariable:s=>i[s]!==
void 0}}function Vs(t,e){return t===""?e:`${t}.${e}`}function Be({path:t,variable:e}){return e??T(t)}function GS({kind:t},e){
return t==="stringList"?e.split(",").map(n=>n.trim()):t==="secret"?e:e.trim()}function YS(t,e){for(let n of t){let r=typeof n==
"string"?n:n.name,o=e[r];if(!(o===void 0||o.trim()==="")&&(typeof n=="string"||n.when(o)))return r}}function Js(t,e,...n){
for(let r of Object.keys(e)){let o=e[r]===void 0;for(let i of n)o||=Object.hasOwn(i,r);if(!o)throw WS(t,Object.assign({},
...n),r)}}function WS(t,e,n){let o=n.length<=40&&/^[\w-]+$/.test(n)?Vs(t,n):"(not a name)",i=jn(Object.keys(e).map(s=>T(
Vs(t,s))),", ");return new N(b`there is no option ${T(o)}. Known here: ${i}.`,o)}function Rf(t,e){let n=jn(Object.keys(e).
map(r=>T(`${t}.${r}`)),", ");return new N(b`${T(t)} must be an object with some of: ${n}.`,t)}function zt(t,e){if(typeof t!=
"string")throw new N(b`${Be(e)} must be a string.`,e.path);if(t.trim()==="")throw new N(b`${Be(e)} is empty. Give it a value or leave it out.`,
e.path);return t}function VS(t,e,n){if(t instanceof L)return t;if(n.json!==!0||typeof t!="object")return new L(zt(t,e));
try{return new L(JSON.stringify(t))}catch{throw new N(b`${Be(e)} is an object that cannot be written as JSON.`,e.path)}}
function JS(t,e,n){let r=zt(t,e);if(n.values?.includes(r))return r;throw new N(b`${Be(e)} must be one of: ${(n.values??[]).
join(", ")}.`,e.path)}function zS(t,e,n){let[r,o]=n.range??[0,Number.MAX_SAFE_INTEGER],i=typeof t=="string"&&/^-?\d+$/.test(
t)?Number(t):t;if(typeof i=="number"&&Number.isInteger(i)&&i>=r&&i<=o)return i;throw new N(b`${Be(e)} must be a whole number from ${r} to ${o}.`,
e.path)}function XS(t,e){if(typeof t=="boolean")return t;if(t==="true"||t==="1")return!0;if(t==="false"||t==="0")return!1;
throw new N(b`${Be(e)} must be true or false.`,e.path)}function QS(t,e){if(Array.isArray(t)&&t.every(r=>typeof r=="strin\
g"&&r!=="")&&t.length>0)return t;throw new N(b`${Be(e)} must be a list of strings, none of them empty.`,e.path)}l();M();D();var it={resolvers:{kind:"stringList",env:["YCIAM_RESOLVERS"],doc:"Names of the resolvers to try, in this order; a single\
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
r the first, for each request."}},ZS={serviceAccountId:{kind:"string",env:["YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID"],doc:"\
Id of the service account whose token is handed out; the caller needs iam.serviceAccounts.tokenCreator on it."}},Xt={name:"\
impersonate",summary:"One more step after any resolver: the token of another service account is handed out.",options:ZS},
Wn=12*36e5,Cf=xt("",it,ek(it),{}).values;function ek(t){return Object.fromEntries(Object.entries(t).map(([e,n])=>[e,n.default]))}
function If({values:t,source:e}){if((t.minRemainingValidity??0)>=Wn)throw new N(b`${e("minRemainingValidity")} is 12h or more. Yandex Cloud lets a token live 12h at most, so none would ever do. Ask for less.`,
"minRemainingValidity");if(t.timeout===0)throw new N(b`${e("timeout")} is zero: nothing can be asked in no time. Leave it out, or give it some seconds.`,
"timeout")}var zs={duration:{kind:"duration",default:"1h",doc:"How long the key lives: 15m or more, less than 12h. It cannot be rev\
oked, and it dies with the token that asks for it."},sessionName:{kind:"string",default:"yciam",doc:"Names the key's use\
r in audit logs: 1 to 64 letters, digits and `_+=,.@-`."},policy:{kind:"string",doc:"A policy of AWS's kind, as JSON, th\
at takes rights away from the key; at most 2048 characters."},subjectId:{kind:"string",doc:"Id of the account that the k\
ey is for, by default the token's own; for another the caller needs iam.serviceAccounts.ephemeralAccessKeyAdmin on it."}},
tk=15*6e4,Nf=2048;function Pf(t){let e={duration:zs.duration.default},{values:n}=xt("",zs,{...e,...nk(t)},{}),{duration:r=0,
sessionName:o=zs.sessionName.default,subjectId:i}=n,s=n.policy===void 0?void 0:fe(n.policy);Vn(r>=tk&&r<Wn,"duration","m\
ust be 15m or more, and less than 12h"),Vn(/^[\w+=,.@-]{1,64}$/.test(o),"sessionName","must be 1 to 64 letters, digits a\
nd _+=,.@-"),Vn(/^[\x21-\x7e]{1,50}$/.test(i??"-"),"subjectId","is no id of an account"),Vn(n.policy===void 0||s!==void 0,
"policy","is not a JSON object");let a=s&&JSON.stringify(s);return Vn((a??"").length<=Nf,"policy",`is longer than ${Nf} \
characters`),{durationMs:r,sessionName:o,policy:a,subjectId:i}}function Vn(t,e,n){if(!t)throw new N(b`${T(e)} ${n}.`,e)}
function nk(t){return Object.fromEntries(Object.entries(t).filter(([,e])=>(e??void 0)!==void 0))}l();l();M();l();M();D();st();var ik=2**31-1;function se(t,e,n=0){let r=z()+Math.min(e,ik);return{signal:t,retries:n,remaining:()=>Math.
max(0,r-z())}}async function Ee(t,e){if(t.signal.aborted)throw e.catch(()=>{}),t.signal.reason;let n=()=>{},r=new Promise(
(o,i)=>{let s=setTimeout(()=>i(ak()),Math.ceil(t.remaining())),a=sk(t.signal,i);n=()=>{clearTimeout(s),a()}});try{return await Promise.
race([e,r])}finally{n()}}var Xs=new WeakMap;function sk(t,e){let n=Xs.get(t);if(n===void 0){let i=new Set,s=()=>i.forEach(
a=>a(t.reason));Xs.set(t,n={leaves:i,listener:s}),t.addEventListener("abort",s,{once:!0})}let{leaves:r,listener:o}=n;return r.
add(e),()=>{r.delete(e),!(r.size>0)&&(Xs.delete(t),t.removeEventListener("abort",o))}}function ak(){return new q(b`no token came within the time allowed. Raise ${T(
"timeout")} if the service is just slow.`,"timeout")}var ck=50,lk=500,Ae=class{async join(e,n){let r=this.running,o=this.running=r??fk(e);o.waiting+=1;try{if(o.result===void 0){
o.result=n(o.terms);let i=()=>this.#e(o);o.result.then(i,i)}return await Ee(e,o.result)}catch(i){if(r===void 0||!dk(e,r.
terms,i))throw i}finally{o.waiting-=1,o.waiting===0&&(this.#e(o),o.controller.abort(uk))}return this.join(e,n)}#e(e){this.
running===e&&(this.running=void 0)}},uk=new DOMException("Nobody waits for this any more","AbortError");function fk(t){let e=new AbortController,
n=t.remaining();return{terms:se(e.signal,n-Math.min(ck,n/2),t.retries),controller:e,waiting:0}}function dk(t,e,n){return!(n instanceof
q)||t.signal.aborted||t.remaining()<lk?!1:t.retries>e.retries||e.remaining()<=0}var Ao=class{constructor(){this.flight=new Ae}},pk=6e4;function To({issuedAt:t,expiresAt:e},n){return e-n<pk?"dead":n-t<
(e-t)/2?"fresh":"usable"}l();var de=class{constructor(e){this.limit=e;this.things=new Map}get(e){let n=this.things.get(e);return n!==void 0&&this.
things.delete(e)&&this.things.set(e,n),n}add(e,n){return this.things.size>=this.limit&&this.things.delete(this.things.keys().
next().value),this.things.set(e,n),n}values(){return this.things.values()}};l();function at(t){if(!(t instanceof Error))return"value thrown";let e=hk(t);return e===void 0?t.name:`${t.name} at ${e}`}
function hk({stack:t="",message:e}){return(t.slice(t.indexOf(e)+e.length).match(/^ {4}at .+$/gm)??[]).filter(r=>!r.includes(
"node:")).map(r=>/([^\s(/\\]+:\d+):\d+\)?$/.exec(r)?.[1]).find(r=>r!==void 0)}M();D();var Lf=6e4,mk=15e3,_o=class{constructor(e,n){this.chain=e;this.tokensOf=n;this.held=new de(100);this.tokens=new de(
100);this.failedAt=-1/0}async get(e,n){let r=Pf(e),o=JSON.stringify(r),{clock:i}=this.chain.iam,s=this.held.get(o),a=s===
void 0?"dead":To(s,i.now());if(s===void 0||a==="dead")return(await this.#e(o,r,n)).key;if(a==="fresh"||i.now()-this.failedAt<
mk)return s.key;try{return(await this.#e(o,r,se(n.signal,n.remaining()/2,n.retries))).key}catch(c){if(n.signal.aborted)throw c;
return this.#o(s,c),s.key}}async#e(e,n,r){let{chain:o}=this,i={get:()=>this.#t(n,r.signal),forget:o.forget.bind(o),explain:vf},
s=await Ee(r,ko(i,async({token:a})=>{let c=this.#n(J(a.reveal()),e),{held:u}=c;return u!==void 0&&To(u,o.iam.clock.now())===
"fresh"?u:c.flight.join(r,async d=>{let f=await xf(o.iam,a,n,d);return o.plan.cache!=="none"&&(c.held=f),f})}));return this.#r(
s,n),o.plan.cache!=="none"&&this.held.add(e,s),s}async#t(e,n){let{durationMs:r}=e,o=Math.min(Math.max(r+Lf,this.chain.plan.
policy.minRemainingMs),Wn-1),i=this.tokens.get(String(o))??this.tokens.add(String(o),this.tokensOf(o));try{return await i(
n)}catch(s){throw s instanceof $e?new $e(b`an access key dies with the token that asks for it, so there is none for ${T(
"duration")} of ${ue(r)}: ${s.text}`):s}}#n(e,n){let{plan:r,context:o,iam:i}=this.chain,{accessKeys:s}=o.session,a=J(JSON.
stringify([e,n,i.endpoints.identity,r.cache==="none"]));return s.get(a)??s.add(a,new Ao)}#r(e,{durationMs:n}){let{log:r,
spelling:o}=this.chain.context,{issuedAt:i,expiresAt:s}=e,a=ue(s-i),c=b`the access key that IAM gave lives only ${a}: it dies with the token that asked for it.`;
if(To(e,this.chain.iam.clock.now())==="dead")throw new $e(c);s-i<n-Lf&&r.warn(we(c,o))}#o(e,n){let{log:r,spelling:o}=this.
chain.context,i=this.chain.iam.clock.now(),s=n instanceof le?n.text:`an unexpected ${at(n)}.`,a=ue(e.expiresAt-i);r.warn(
we(b`could not renew the access key; the old one is used, ${a} are left of it: ${s}`,o)),this.failedAt=i}};l();l();M();D();H();function Mf(t,e,n){let r=new Ae,o;return{...t,http:async i=>{let s=se(i.signal,i.timeoutMs);return o??=await r.join(
s,a=>yk({context:t,file:e,from:n},a)),t.http({...i,ca:o})}}}async function yk({context:t,file:e,from:n},{signal:r,remaining:o}){
let i=c=>{throw new N(b`the file of ${n}, ${ve(e)}, ${c}.`,"caFile")},s={signal:r,timeoutMs:o()},a=await t.files.read(e,
s).catch(c=>i(`cannot be read (${c.code??"unknown error"})`));return/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.
test(a)?a:i("has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----")}st();l();M();D();H();l();Re();H();function jf({token:{token:t,...e},askedAt:n,offsetMs:r}){return JSON.stringify({...e,token:t.reveal(),askedAt:n,
offsetMs:r})}function Df(t){let{token:e,expiresAt:n,issuedAt:r,subjectId:o,askedAt:i,offsetMs:s}=fe(t)??{};if(!(typeof e!=
"string"||e===""||!Qs(n)||!Qs(i)))return{askedAt:i,offsetMs:typeof s=="number"&&Number.isFinite(s)?s:0,token:{token:new L(
e),expiresAt:n,...Qs(r)?{issuedAt:r}:{},...typeof o=="string"?{subjectId:o}:{}}}}function Qs(t){return typeof t=="number"&&
Number.isFinite(t)&&t>0}l();var Oo=6e4;function xo({token:t,askedAt:e},n,r){let o=r-e,i=o>-Oo&&o<n.refreshAfterMs;if(t.expiresAt===void 0)return i?"\
fresh":"dead";let s=t.expiresAt-r;return s<=0||s<n.minRemainingMs||s>et+Oo?"dead":i?"fresh":"usable"}function qf(t,e,n){
if((t.token.expiresAt??0)>n+et+Oo)return e;if(e.askedAt<Math.min(t.askedAt,n))return t;let[r,o]=[t.token.expiresAt,e.token.
expiresAt];return r!==void 0&&o!==void 0&&r>o+Oo?{...t,askedAt:e.askedAt}:e}var vo=class{constructor(){this.flight=new Ae;this.failedAt=-1/0}},gk=15e3,Ro=class{constructor(e,n){this.source=e;this.
keeping=n;this.id=e.id,e.material!==void 0&&(this.material=e.material)}async token(e){return(await this.hold(e)).token}fresh(e){
let{holder:n,cache:r,policy:o}=this.keeping,{held:i}=n;return i!==void 0&&r!=="none"&&xo(i,o,e)==="fresh"?i:void 0}async hold(e){
e.signal.throwIfAborted();let{holder:n,cache:r}=this.keeping;if(n.held!==void 0&&r!=="none"){let o=this.#e(n.held);if(o===
"fresh"||o==="usable"&&this.isPausing())return n.held}try{for(;;){let o=!1,i=n.held===void 0?e:this.#t(e),{held:s,minted:a}=await n.
flight.join(i,u=>(o=!0,this.#n(u))),c=this.#e(s);if(!(!o&&!a&&c!=="fresh")){if(c==="dead")throw this.#s(s);return s}}}catch(o){
if(e.signal.aborted)throw o;return this.insteadOf(o)}}insteadOf(e){let{holder:n,clock:r,log:o,spelling:i,policy:s,cache:a}=this.
keeping,{held:c}=n,u=r.now();if(c?.token.expiresAt===void 0||a==="none")throw e;let d=e instanceof le?e.text:`an unexpec\
ted ${at(e)}.`,f=ue(c.token.expiresAt-u);if(this.#e(c)!=="dead"){let p=b`could not renew the IAM token; the old one is used, ${f} are left of it: ${d}`;
return this.isPausing()||(o.warn(we(p,i)),n.failedAt=u),c}throw c.token.expiresAt<=u||e instanceof $e?e:new $e(b`the token could not be renewed, and the old one lives only ${f} more; ${T(
"minRemainingValidity")} asks for ${ue(s.minRemainingMs)}. The renewal failed: ${d}`)}usable(){let{holder:e,cache:n}=this.
keeping,{held:r}=e;return r!==void 0&&n!=="none"&&this.#e(r)!=="dead"?r:void 0}isPausing(){let e=this.keeping.clock.now()-
this.keeping.holder.failedAt;return e>=0&&e<gk}#e(e){return xo(e,this.keeping.policy,this.keeping.clock.now())}#t(e){let{
holder:n,cache:r}=this.keeping;return n.held!==void 0&&r!=="none"&&this.#e(n.held)!=="dead"?se(e.signal,e.remaining()/2,
e.retries):e}async#n(e){let{store:n,identity:r,cache:o,log:i}=this.keeping,{material:s}=this;if(n===void 0||s===void 0||
o!=="disk")return this.#o(e);let a={identity:r,material:s,log:i},c=await this.#r(n,a);if(c!==void 0)return c;let u=this.
keeping.holder.held===void 0?e:this.#t(e),d={signal:e.signal,waitMs:u.remaining()/2},f=await n.lock(a,d);try{let p=await this.#r(
n,a);if(p!==void 0)return p;let y=await this.#o(u),{token:k}=y.held,w=jf({...y.held,offsetMs:this.keeping.clock.offsetMs});
return k.expiresAt!==void 0&&!this.keeping.isDead(k.token)&&await n.save(a,w,k.token),y}finally{await f?.()}}async#r(e,n){
let{clock:r,policy:o}=this.keeping,i=await e.load(n),s=i===void 0?void 0:Df(i);if(s===void 0||this.keeping.isDead(s.token.
token)||(r.presume(s.offsetMs),xo(s,{...o,minRemainingMs:0},r.now())==="dead"))return;let a=this.#i({token:s.token,askedAt:s.
askedAt});return this.#e(a)==="fresh"?{held:a,minted:!1}:void 0}async#o(e){let{clock:n,log:r}=this.keeping;e.signal.throwIfAborted();
let o=await this.source.token(e);return e.signal.throwIfAborted(),wk(o,this.id),r.debug("got a new IAM token",{credential:bk(
this.id)}),{held:this.#i({token:o,askedAt:n.now()}),minted:!0}}#i(e){let{holder:n,clock:r,cache:o}=this.keeping;return o===
"none"||this.keeping.isDead(e.token.token)?e:n.held=n.held===void 0?e:qf(n.held,e,r.now())}#s({token:e}){let{clock:n,policy:r}=this.
keeping,o=ue((e.expiresAt??0)-n.now());return new $e(b`the newest token that can be had lives only ${o} more; ${T("minRe\
mainingValidity")} asks for ${ue(r.minRemainingMs)}. A token lives at most 12h, and Yandex Cloud may hand the same one to several callers until it is near its end; the caller cannot ask for a longer life.`)}};
function wk({token:t,expiresAt:e=0,issuedAt:n=0},r){if(!(Number.isFinite(e)&&Number.isFinite(n)&&t instanceof L&&Gt(t.reveal())))
throw new R(b`${r.split(" ")[0]} gave what is no token: it is empty, too long, has a character that no token has, or dies at no time. Mend the resolver.`)}
function bk(t){return t.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g,"$1")}M();D();l();M();D();var Uf="impersonate.serviceAccountId";function Ff(t,e,n,r){return{id:`${t.id} as ${e}`,...t.material===void 0?{}:
{material:t.material},token:async o=>ko({get:()=>t.token(o),forget:r,explain:Sk},i=>n.impersonate(i.token,e,o))}}function Sk(t){
if(!(t instanceof R))return t;let{status:e}=t.reply,n=e===403?" The caller needs the role iam.serviceAccounts.tokenCreat\
or on that account or its folder.":e===401?" The caller's own token is dead: it was revoked or has expired. Get a new on\
e.":"";return new R(b`cannot impersonate the service account of ${T(Uf)}: ${t.text}${n}`,Uf,t.reply)}l();M();D();H();async function Bf(t,e){return(await Promise.all(t.map(r=>kk(r,e)))).flat()}async function kk(t,e){let n=await e.
loadModule(t).catch(o=>{let{code:i,name:s}=o??{};throw new N(b`${T("resolverModules")} names ${ve(t)}, which cannot be loaded (${String(
i??s)}). A path is taken from the current folder; a package must be installed there.`,"resolverModules")}),r=Kf(n);if(r.
length===0)throw new N(b`${T("resolverModules")} names ${ve(t)}, which exports no resolver made by defineResolver.`,"res\
olverModules");return r.forEach(Zs),r}var Ek=3;function Kf(t,e=0){if(typeof t!="object"||t===null)return[];if(Ak(t))return[
t];if(e>Ek)return[];let n=Object.values(t).flatMap(r=>Kf(r,e+1));return[...new Set(n)]}function Ak(t){return typeof t=="\
object"&&t!==null&&"resolve"in t&&"name"in t}function Zs(t){let{name:e,summary:n,options:r,resolve:o}=t??{};if(!(typeof e==
"string"&&/^[a-z][A-Za-z0-9]*$/.test(e)&&typeof n=="string"&&typeof r=="object"&&r!==null&&typeof o=="function"))throw new N(
b`${T("resolvers")} has an object that is no resolver. Make it with defineResolver({ name, summary, options, resolve }), with a name in camelCase.`,
"resolvers")}l();function V(t,e){return{unavailable:!0,reason:t,remedy:e}}function Ke(t){return"unavailable"in t}var Qt=class{constructor(e,n){this.plan=e;let{authorities:r,endpoints:o}=e;this.context=r===void 0?n:Mf(n,r.file,r.from);
let{clocks:i}=n.session,{identity:s}=o,a=i.get(s)??i.add(s,new Eo(n.now,n.monotonic));this.iam=new So(this.context,o,a)}async choose(e,n){
let r=[],o=n===void 0?this.plan.candidates??await this.candidates(e):[n];for(let i of o){let s=new Map,a=await this.open(
i,e,!1,s);if(!Ke(a))return{candidate:i,source:a,versions:s};let{reason:c,remedy:u}=a;if(n!==void 0)throw new q(b`the credential that gave tokens so far gives none any more: ${c}. To mend that: ${u}.`,
"unreachable");r.push({resolver:i.resolver.name,reason:c,remedy:u})}throw new uo(r)}async candidates(e){let{modules:n,candidates:r,
candidatesWith:o}=this.plan;return r!==void 0?r:this.loaded??=o(await Ee(e,Bf(n,this.context)))}async open({resolver:e,named:n,
only:r,read:o},i,s,a=new Map){let{iam:c}=this,{files:u}=this.context,d={...u,read:async(I,P)=>(a.set(I,u.version(I)),u.read(
I,P))},f={...this.context,files:d},{values:p,source:y,isFromVariable:k}=o,w={options:p,source:y,isFromVariable:k,context:f,
iam:c,named:n,only:r,dryRun:s,call:i},g=await e.resolve(w);if(Ke(g))return g;let{policy:S,impersonate:E,timeoutMs:_}=this.
plan;if(E===void 0)return this.#e(g,S);let v=this.#e(g,{...S,minRemainingMs:Math.min(S.minRemainingMs,_)});return this.#e(
Ff(v,E,c,I=>this.forget(I)),S)}async forget(e){this.context.session.forget(e),await this.context.store?.forget(e)}async drop(e){
this.context.session.drop(e),await this.context.store?.forget(e)}#e(e,n){let{log:r,spelling:o,session:i,store:s}=this.context,
{clock:a,endpoints:c}=this.iam,u=J(JSON.stringify([e.id,c.identity])),{cache:d}=this.plan,f=d==="none"?`${u} none`:u,k={
holder:i.holders.get(f)??i.holders.add(f,new vo),clock:a,policy:n,identity:u,cache:d,isDead:w=>i.isDead(w),log:r,spelling:o};
return new Ro(e,s===void 0?k:{...k,store:s})}};l();M();D();st();async function Hf(t,e,n){let r=[],o=!1;for(let s of await t.candidates(e)){let a=o?Tk(s):await _k(t,s,e,n);o||=a.outcome!==
"unavailable",r.push(a)}let i=r.find(({outcome:s})=>s==="used")?.resolver;return{resolvers:r,verified:n,...i===void 0?{}:
{chosen:i}}}function Tk({resolver:t}){return{resolver:t.name,outcome:"notTried",reason:"an earlier resolver settled it",
durationMs:0}}async function _k(t,e,n,r){let{spelling:o}=t.context,i=z(),s=(a,c,u)=>({resolver:e.resolver.name,outcome:a,
...c===void 0?{}:{reason:we(c,o)},...u===void 0?{}:{remedy:we(u,o)},durationMs:Math.round(z()-i)});try{let a=await t.open(
e,n,!r);return Ke(a)?s("unavailable",a.reason,a.remedy):(r&&await a.hold(n),s("used"))}catch(a){return n.signal.throwIfAborted(),
a instanceof le?s("failed",a.text,Ok(a)):s("failed",`it threw an unexpected ${at(a)}`,"report this defect to who made th\
e resolver")}}function Ok(t){return t instanceof N||t instanceof R?"mend this credential, or take it away so that the ne\
xt resolver is tried":"find out why the service cannot be used, then try again"}l();M();Re();D();H();function Yf(t,e,n){let{resolvers:r}=t,{resolvers:o,own:i}=Array.isArray(r)?xk(r):{resolvers:r,own:[]},s={};for(let p of Object.
keys(it))s[p]=p==="resolvers"?o:t[p];let a=xt("",it,s,e);If(a);let c={...Cf,...a.values},{caFile:u,resolverModules:d=[]}=c,
f={config:t,env:e,settings:a,all:[...n,...i]};return Object.freeze({policy:{minRemainingMs:c.minRemainingValidity,refreshAfterMs:c.
refreshAfter},timeoutMs:c.timeout,retries:c.retries,cache:c.cache,endpoints:Ef(a.values,a.source),impersonate:ea(Xt,t,e).
values.serviceAccountId,...u===void 0?{}:{authorities:{file:u,from:a.source("caFile")}},modules:d,...d.length>0?{}:{candidates:Gf(
f)},candidatesWith:p=>Gf({...f,all:[...f.all,...p]})})}function xk(t){let e=r=>typeof r=="object"&&r!==null,n=t.filter(e);
return n.forEach(Zs),{resolvers:t.map(r=>e(r)?r.name:r),own:n}}function Gf({config:t,env:e,settings:n,all:r}){let o={};for(let f of r)
if((o[f.name]??=f)!==f)throw vk(f);Js("",t,it,o,{[Xt.name]:Xt});let i=[],s=[];for(let f of Object.values(o)){let p=(t[f.
name]??void 0)!==void 0;p&&i.push(f),(p||f.onlyWhenNamed!==!0)&&s.push(f)}let{resolvers:a}=n.values,c=i.length===1,u=a===
void 0?c?i:s:a.map(f=>Rk(o,f,n.source("resolvers")));for(let f of i)u.includes(f)||ea(f,t,{});let d=[];for(let f of u){let p=a!==
void 0||i.includes(f),y=a===void 0?c:a.length===1;d.push({resolver:f,read:ea(f,t,e),named:p,only:y})}return d}function ea({
name:t,options:e},n,r){let o=n[t]??{};if(!ke(o))throw Rf(t,e);return xt(t,e,o,r)}function vk({name:t}){return new N(b`two resolvers are named ${t}. Rename the one of your own.`,
"resolvers")}function Rk(t,e,n){let r=e.replace(/[-_]([a-z])/g,(s,a)=>a.toUpperCase()),o=Object.hasOwn(t,r)?t[r]:void 0;
if(o!==void 0)return o;let i=Object.keys(t).join(", ");throw new N(b`${n} names ${Fe(e)}, which is none of: ${i}.`,"reso\
lvers")}l();function Wf(t,e,{versions:n,source:r},o){if(Math.abs(o-t.at)<1e3)return!1;t.at=o;let i=r.isPausing()?t.tried??n:n;for(let[
s,a]of i){let c=e.version(s);if(c!==void 0&&c!==a)return!0}return!1}function Vf(t,e){return new Map([...t.keys()].map(n=>[
n,e.version(n)]))}l();l();async function zf(t,e,n,r){let o=`/iam/v1/subjects/${encodeURIComponent(n)}`,i=await t.send(r,o,{method:"GET",headers:Jt(
e)});return Ck(Ce(i,"IAM's reply"))}function Ck({subject:t}){let{name:e,type:n}=t??{};return{...Jf(e)?{name:e}:{},...Jf(
n)?{type:n}:{}}}function Jf(t){return typeof t=="string"&&t!==""}var Ik=3e3;async function Xf(t,e,n){let{token:r,subjectId:o,expiresAt:i}=e,s=se(n,Math.min(Ik,t.plan.timeoutMs)),[a,c]=await Promise.
all([o===void 0?void 0:Qf(s,zf(t.iam,r,o,s)),Pk(t,e,s)]),u=i===void 0?void 0:Date.parse(i)-t.iam.clock.now();return{...Nk(
e),...a,...u===void 0?{}:{remainingSeconds:Math.max(0,Math.floor(u/1e3))},steps:c}}function Nk({token:t,authorizationHeader:e,
...n}){return n}async function Qf(t,e){try{return await Ee(t,e)}catch{t.signal.throwIfAborted();return}}async function Pk(t,{
resolver:e,subjectId:n},r){if(t.plan.impersonate===void 0)return[ta(e,n)];let o=await Qf(r,$k(t,e,r));return[ta(e,o),ta(
"impersonation",n)]}function ta(t,e){return e===void 0?{by:t}:{by:t,subjectId:e}}async function $k({plan:t,context:e},n,r){
let o={...t.policy,minRemainingMs:0},i=new Qt({...t,impersonate:void 0,policy:o},e),s=(await i.candidates(r)).find(({resolver:c})=>c.
name===n),{source:a}=await i.choose(r,s);return(await a.token(r)).subjectId}l();H();var Zf={token:{secret:!0,doc:"The IAM token."},authorizationHeader:{secret:!0,doc:"`Bearer ` and the token."},expiresAt:{
optional:!0,doc:"When the token dies: RFC 3339, UTC. Absent where its life is not known."},issuedAt:{optional:!0,doc:"Wh\
en it was got: RFC 3339, UTC. Absent for a token that was handed in ready."},refreshAt:{optional:!0,doc:"When a later ca\
ll would renew it: RFC 3339, UTC."},resolver:{doc:"Name of the resolver that answered, such as `serviceAccountKey`."},subjectId:{
optional:!0,doc:"Whose token it is: the id of a service account or a user. Absent where it is not known."},fingerprint:{
doc:"First 12 hex digits of the token's SHA-256: compares two places without showing a token."}};function ed(t,e,n){let{
expiresAt:r,issuedAt:o,subjectId:i}=t;return{token:t.token,authorizationHeader:new L(`Bearer ${t.token.reveal()}`),...r===
void 0?{}:{expiresAt:na(r)},...o===void 0?{}:{issuedAt:na(o)},...n===void 0?{}:{refreshAt:na(n)},resolver:e,...i===void 0?
{}:{subjectId:i},fingerprint:ro(t.token)}}function na(t){return new Date(t).toISOString()}l();l();M();Re();D();H();l();M();D();H();function Te(t,e,n){let r=i=>{throw new R(b`the token of ${e} ${i}`,n)},o=t.reveal().trim();return Gt(o)?new L(o):o===""?
r("is empty."):/[^\x21-\x7e]/.test(o)?r("has a line break, a space or another character that no token has. Was more than\
 the token copied?"):r(`is longer than ${Cs} characters. Is it a token at all?`)}l();M();D();H();var td=200,Lk=65536;async function Co(t,e,n){let{argv:r,env:o,name:i}=t,s=n.remaining(),a={signal:n.signal,timeoutMs:s,
...o===void 0?{}:{env:o}},c=await e.exec(r,a).catch(u=>{throw n.signal.throwIfAborted(),Mk(u,t)});if(c.code===0)return c.
stdout;throw c.code===null?new q(b`${i} was ended: by a signal, or because it took more than ${ue(s)}. If it waits for someone to sign in, run it once by hand; if it is just slow, raise ${T(
"timeout")}.`,"timeout"):Dk(c,t)}function Mk(t,{argv:e,name:n,path:r}){let{code:o}=t,i=o==="EACCES"?b`${ve(e[0])} may not be run by this user`:
o==="ERR_CHILD_PROCESS_STDIO_MAXBUFFER"?"it wrote more than 1 MiB":`it could not be run (${String(o)})`;return new R(b`${n} gave no token: ${i}.`,
r)}var jk=/\b(?:Unavailable|DeadlineExceeded|ResourceExhausted)\b/;function Dk({code:t,stderr:e},{name:n,path:r,argv:o,secretArguments:i}){
let s=i===!0?o.slice(1).map(u=>new L(u)):[],a=qk(co(e,s)),c=b`${n} failed with exit code ${String(t)}${a===""?" and said\
 nothing":`: ${a}`}`;return jk.test(e)?new q(c,"unreachable"):new R(c,r)}function qk(t){let e=nt(t.slice(0,Lk)).split(/[\r\n]+/).
map(r=>nt(Tt(r.replace(/\x1b\[[\d;]*m/g,"")))).filter(r=>r!==""),n=e.find(r=>/^error\b/i.test(r))??e[0]??"";return n.length<=
td?n:`${n.slice(0,td-1)}\u2026`}var ct="command.argv",Uk={argv:{kind:"stringList",secret:!0,doc:'The program and its arguments; it is run without a shel\
l and prints `{"token": "...", "expiresAt": "..."}`.'}},nd={name:"command",summary:"Any program that prints a token as J\
SON; run only when it is named.",onlyWhenNamed:!0,options:Uk,async resolve(t){let[e,...n]=t.options.argv??[];if(e===void 0)
return V("no command is given",b`set ${T(ct)} to a program and its arguments`);let r=[e,...n];return{id:`command ${J(JSON.
stringify(r))}`,token:o=>Fk(r,t,o)}}};async function Fk(t,e,n){let{context:r}=e,[o,...i]=t,s=await r.which(o);if(s===void 0)
throw new R(b`${T(ct)} names ${JSON.stringify(o.split(/\s/)[0])}, but there is no such program. Give its path, or put it on PATH; it is not run by a shell, so each argument is a word of its own.`,
ct);let a=b`the program of ${T(ct)}`,c={argv:[s,...i],name:a,path:ct,secretArguments:!0};return Bk(await Co(c,r,n),e)}function Bk(t,{
iam:e}){let n=u=>{throw new R(b`the program of ${T(ct)} ${u} It must print one JSON object, {"token": "...", "expiresAt": "2026-11-24T18:30:00Z"}, the latter if it is known.`,
ct)},r=fe(t.reveal());if(r===void 0)return n(`printed no JSON object (${t.reveal().length} characters).`);let{token:o,expiresAt:i}=r;
if(typeof o!="string")return n("printed an object without a text `token`.");let s=Te(new L(o),"what the program printed",
ct),a=e.clock.now();if(i==null)return{token:s,issuedAt:a};let c=Yt(i,a);return typeof c=="number"?{token:s,issuedAt:a,expiresAt:c}:
n(`${c}.`)}l();M();Re();D();H();var Io="functionContext.token",rd={name:"functionContext",summary:"The token that a Cloud Function with a service accoun\
t gets in its `context`.",options:{token:{kind:"secret",json:!0,doc:"`context.token` of the current invocation, or the w\
hole `context`: the object itself, or its JSON."}},async resolve({options:t,source:e,context:n,iam:r}){if(t.token===void 0)
return V("no function context is given",b`attach a service account to the function and set ${T(Io)} to its context.token`);
let o=e("token"),i=Kk(t.token,o),s=J(i.token.reveal()),a=Hk(n,s,r.clock.now()+i.lifeMs),c=r.clock.now()-a;if(c>=0)throw Gk(
o,c);return{id:`functionContext ${s}`,token:async()=>({token:i.token,expiresAt:a})}}};function Kk(t,e){let n=c=>{throw new R(
b`${e} ${c}`,Io)},r=fe(t.reveal());if(r===void 0)return n(b`is not the object that a function gets in context.token, nor its JSON. A bare token belongs in ${T(
"iamToken.token")}.`);let o=ke(r.token)?r.token:r,{access_token:i,expires_in:s}=o;if(typeof i!="string"||i==="")return n(
"has no access_token: is a service account attached to the function?");let a=so(s,0);return typeof a=="string"?n(`${a}, \
so nobody can tell whether the token still lives. Pass the object whole.`):{token:Te(new L(i),e,Io),lifeMs:a}}function Hk(t,e,n){
let{contextEnds:r}=t.session,o=r.get(e)??r.add(e,{expiresAt:n});return o.expiresAt=Math.min(o.expiresAt,n),o.expiresAt}function Gk(t,e){
return new R(b`the token in ${t} died ${ue(e)} ago. A context belongs to one invocation: pass that of the current one, and keep none outside the handler. A prepared instance may be handed an old one by the platform itself; there, use ${T(
"instanceMetadata")}.`,Io)}l();M();l();var Yk="YCIAM_EXEC_SERVER";function od(t,e){let[,n,r]=/^((?:127\.0\.0\.1|\[::1\]):\d{1,5}) ([\da-f]{12})$/.exec(e[Yk]??"")??[];return r===ro(t)?n:void 0}D();l();l();var No=class{constructor(){this.isThere=!1;this.flight=new Ae}},Po=class{constructor(){this.holders=new de(1e3);this.accessKeys=
new de(1e3);this.clocks=new de(100);this.addresses=new Map;this.metadata=new de(100);this.contextEnds=new de(1e3);this.isOauthTold=
!1;this.dead=new de(1e3)}isDead(e){return this.dead.get(J(e.reveal()))===!0}forget(e){this.dead.add(J(e.reveal()),!0),this.
drop(e)}drop(e){for(let n of this.holders.values())n.held?.token.token.reveal()===e.reveal()&&(n.held=void 0)}};st();M();D();var sd="/computeMetadata/v1/instance/service-accounts/",Wk={"Metadata-Flavor":"Google"},Vk=500,Jk=5e3,ra="Y\
C_METADATA_ADDR",$o="169.254.169.254";function oa(t,e){let n=URL.canParse(`http://${t}/`)?new URL(`http://${t}/`):void 0;
if(n?.pathname==="/"&&n.username===""&&n.search===""&&n.hash===""&&!t.includes("/"))return t;throw new N(b`${e} is not an address: write host or host:port, without a scheme or path.`,
"instanceMetadata.address")}function ad({env:t}){let e=(t[ra]??"").trim();return{address:e===""?$o:oa(e,ra),setting:ra}}
async function Zt(t,e){let{context:n,call:r,only:o,dryRun:i}=t,{session:s,monotonic:a=z}=n,{metadata:c}=s,u=c.get(e.address)??
c.add(e.address,new No),d=`instanceMetadata ${e.address}`,f={context:n,clock:t.iam.clock,service:e};if(u.isThere&&!i)return{
id:d,token:w=>id(f,w)};let{absence:p}=u;if(!o&&p!==void 0&&a()-p.at<Jk)return V(p.reason,p.remedy);let y=o?f:{...f,connectTimeoutMs:Vk},
k=o?r:{...r,retries:0};try{i&&await Xk(y,k);let w=i?void 0:await u.flight.join(k,g=>cd(y,g));return u.isThere=!0,{id:d,token:zk(
w,g=>id(f,g))}}catch(w){w instanceof q&&w.reply.isMetadata===!0&&(u.isThere=!0);let g=w instanceof Me?w.answer:Zk(w,e);if(g===
void 0||r.signal.aborted)throw w;return u.absence={...g,at:a()},g}}function zk(t,e){let n=t;return async r=>{let o=n??await e(
r);return n=void 0,o}}var Me=class extends Error{constructor(n){super("no token of the metadata service");this.answer=n}};
async function Xk(t,e){if((await ld(t,sd,e)).body.reveal().trim()==="")throw new Me(fd())}async function cd(t,e){let n=await ld(
t,`${sd}default/token`,e),r=Ys(n,t.clock,"the metadata service's reply");if(r.token.reveal().startsWith("ya29."))throw new Me(
ia(t.service));return r}async function id(t,e){try{return await cd(t,e)}catch(n){if(!(n instanceof Me))throw n;let{reason:r,
remedy:o}=n.answer;throw new q(b`the credential that gave tokens so far gives none any more: ${r}. To mend that: ${o}.`,
"reply")}}async function ld({context:t,service:e,connectTimeoutMs:n},r,o){let{signal:i,retries:s}=o;try{let a=await t.http(
{method:"GET",url:`http://${e.address}${r}`,headers:Wk,signal:i,timeoutMs:o.remaining(),retries:s,...n===void 0?{}:{connectTimeoutMs:n}});
if(a.headers["metadata-flavor"]==="Google")return a}catch(a){throw Qk(a,e)}throw new Me(ia(e))}function Qk(t,e){if(!(t instanceof
q))return t;let{status:n=0,isMetadata:r=!1}=t.reply;if(n===404)return new Me(fd());if(n===400)return new Me(eE());let o=n>=
300&&n<500&&![408,429].includes(n);return!r&&(t.failure==="reply"||o)?new Me(ia(e)):t}function Zk(t,e){return t instanceof
q&&t.failure==="unreachable"?V(`nothing answers at ${e.address}`,ud(e)):void 0}function ia(t){return V(`${t.address} ans\
wers, but not as the metadata service of Yandex Cloud (no header Metadata-Flavor: Google, or another cloud's token)`,ud(
t))}function ud({setting:t}){return b`run where a service account is attached, or set ${t}`}function fd(){return V("no s\
ervice account is attached to this instance","attach a service account to it")}function eE(){return V("the metadata serv\
ice's token option is disabled for this instance (HTTP 400)","enable gce_http_endpoint and gce_http_token in the instanc\
e's metadata options")}var dd={name:"iamToken",summary:"A ready IAM token, such as the one that `yc iam create-token` prints. It is never renew\
ed.",options:{token:{kind:"secret",env:["YC_IAM_TOKEN",{name:"YC_TOKEN",when:t=>!oo(t.trim()),note:"when it has the shap\
e of an IAM token"}],doc:"The token itself."},expiresAt:{kind:"string",env:["YCIAM_IAM_TOKEN_EXPIRES_AT"],doc:"When it d\
ies, in RFC 3339 with a zone. Without it no life is promised. The variable tells of a token in a variable alone."}},async resolve(t){
let{options:e,source:n,isFromVariable:r,iam:o,context:i}=t;if(e.token===void 0)return V("no token is given",b`set ${n("t\
oken")} or YC_IAM_TOKEN`);let s=n("token"),a=Te(e.token,s,"iamToken.token");if(s==="YC_TOKEN"&&!io(a.reveal()))throw new R(
b`YC_TOKEN is set, but has the shape of neither an IAM token (t1....) nor an OAuth token (y0_...). If it is an IAM token, put it in YC_IAM_TOKEN.`,
"iamToken.token");let c=r("token")?od(a,i.env):void 0;if(c!==void 0){let p=await Zt({...t,only:!1},{address:c,setting:s});
if(!Ke(p))return p}let u=Is(e.expiresAt);if(e.expiresAt!==void 0&&u===void 0)throw new R(b`${n("expiresAt")} is not a time such as 2026-11-24T18:30:00Z.`,
"iamToken.expiresAt");let f=r("expiresAt")&&!r("token")?void 0:u;if(f!==void 0&&f<=o.clock.now())throw new R(b`the token of ${s} has expired (${n(
"expiresAt")}). Get a new one.`,"iamToken.token");return{id:`iamToken ${J(a.reveal())} ${f??""}`,token:async()=>({token:a,
...f===void 0?{}:{expiresAt:f}})}}};l();D();var pd={name:"instanceMetadata",summary:"The service account attached to this VM, container, function or Kubernetes pod.",
options:{address:{kind:"string",env:["YC_METADATA_ADDR"],default:$o,doc:"Address of the metadata service, `host[:port]`."}},
resolve:async t=>{let e=oa(t.options.address??$o,t.source("address")),n=b`${T("instanceMetadata.address")} or YC_METADATA_ADDR`;
return Zt(t,{address:e,setting:n})}};l();D();l();function Lo(t,{context:e,iam:n}){return tE(e),{id:`oauthToken ${J(t.reveal())}`,material:t,token:r=>n.exchangeOauthToken(
t,r)}}function tE(t){if(t.session.isOauthTold)return;t.session.isOauthTold=!0;let e=["serviceAccountKey","workloadIdenti\
ty","ycCli"].map(n=>t.spelling(n)).join(", ");t.log.warn(`OAuth tokens of Yandex accounts are being closed: those made s\
ince 2026-06-01 are refused, and all are announced to stop by 2026-12-31. Use one of ${e} instead.`)}var hd={name:"oauthToken",summary:"The OAuth token of a Yandex account. Deprecated: new ones are refused since 1 June 20\
26, all by the end of 2026.",options:{token:{kind:"secret",env:["YC_OAUTH_TOKEN",{name:"YC_TOKEN",when:t=>oo(t.trim()),note:"\
when it has the shape of an OAuth token"}],doc:"The token itself."}},async resolve({options:t,source:e,context:n,iam:r}){
if(t.token===void 0)return V("no OAuth token is given",b`set ${T("oauthToken.token")} or YC_OAUTH_TOKEN, or better a credential that lasts`);
let o=Te(t.token,e("token"),"oauthToken.token");return Lo(o,{context:n,iam:r})}};l();M();l();M();D();l();var gd=require("node:crypto");M();Re();D();H();function wd(t,e,n){let r=u=>{throw new R(b`${be(e)}: ${u}.`,n)},o=t instanceof L?Gs(t.reveal()):t;if(o===void 0)throw nE(
e,n);if(!ke(o))return r("the key must be a JSON object");let i=ke(o.key)?{...o,...o.key}:o,s=Mo(i,"private_key","private\
Key"),a=Mo(i,"id","accessKeyId","access_key_id"),c=Mo(i,"service_account_id","serviceAccountId","user_account_id","userA\
ccountId");return s===void 0?r(rE(i)):a===void 0?r(`the field \`id\` (the key's id) ${md}`):c===void 0?r(`the field \`ser\
vice_account_id\` ${md}`):{id:a,subjectId:c,...oE(s,r)}}function nE(t,e){return new R(b`${be(t)} is not JSON. It must be the file that \`yc iam key create\` wrote.`,
e)}var md="is missing or not a string. Take the whole file that `yc iam key create` wrote";function Mo(t,...e){for(let n of e){
let r=t[n];if(typeof r=="string"&&r.trim()!=="")return r}}function rE(t){return Mo(t,"encrypted_private_key","encryptedP\
rivateKey")!==void 0?"the field `private_key` is empty: the key was made with `pgp_key`, which leaves only the encrypted\
 one. Decrypt it first":t.output_to_lockbox!==void 0?"the field `private_key` is empty: the key was written to Lockbox. \
Read it from there":"the field `private_key` is missing or not a string. Yandex Cloud shows it only once, when the key i\
s made: make a new key if it is lost"}function oE(t,e){let n=t.indexOf("-----BEGIN"),r=(n>0?t.slice(n):t).replaceAll("\\n",
`
`);if(r.startsWith("-----BEGIN PUBLIC KEY")||r.startsWith("-----BEGIN RSA PUBLIC KEY"))return e("the field `private_key`\
 holds the public key. Put the private one there");if(/^-----BEGIN ENCRYPTED|^Proc-Type: .*ENCRYPTED/m.test(r))return e(
"the field `private_key` is under a passphrase, which no key of Yandex Cloud is. Take it off, or take the file that `yc \
iam key create` wrote");let o=iE(r)??e("the field `private_key` is not a private key in PEM form"),{privateKey:i}=o;return i.
asymmetricKeyType!=="rsa"?e(`the field \`private_key\` is of type ${i.asymmetricKeyType}. Yandex Cloud takes RSA keys of\
 2048 or 4096 bits`):(i.asymmetricKeyDetails?.modulusLength??0)<2048?e("the field `private_key` is an RSA key of less th\
an 2048 bits. Yandex Cloud takes 2048 or 4096 bits"):o}var yd=new de(16);function iE(t){let e=J(t);try{let n=yd.get(e);if(n!==
void 0)return n;let r=(0,gd.createPrivateKey)(t),o=new L(r.export({type:"pkcs8",format:"pem"}).toString());return yd.add(
e,{privateKey:r,material:o})}catch{return}}function en(t,e,n,r){let o=wd(t,e,n);return{id:`serviceAccountKey ${o.subjectId} ${o.id} ${J(o.material.reveal())}`,material:o.
material,token:async i=>{try{return await r.exchangeKey(o,i)}catch(s){throw bo(sE(s,o,e,n),o.subjectId,r.endpoints)}}}}function sE(t,e,n,r){
return t instanceof R?new R(b`${be(n)}: ${t.text} This is about the key ${e.id} of the account ${e.subjectId}: does it still exist, and is it the account's own?`,
r,t.reply):t}D();H();l();M();D();H();var sa="there is no such file",bd={ENOENT:sa,ENOTDIR:sa,EACCES:"this user may not read it",EPERM:"this u\
ser may not read it",EISDIR:"it is a folder",EFBIG:"it is larger than 1 MiB, so it is no credential",ETIMEDOUT:"it is a \
pipe, and no program wrote to it and closed it in the time allowed",EAGAIN:"it is a terminal or another device, and no f\
ile"};async function vt(t,e,{context:n,call:r}){try{let o={signal:r.signal,timeoutMs:r.remaining()*9/10};return new L(await n.
files.read(t,o))}catch(o){r.signal.throwIfAborted();let i=String(o.code);throw new jo(i,t,e)}}async function tn(t,e,n){try{
return await vt(t,e,n)}catch(r){if(r instanceof jo&&bd[r.fileCode]===sa)return;throw r}}var jo=class extends R{constructor(n,r,{
from:o,option:i}){let s=bd[n]??`it cannot be read (${n})`;super(b`${be(o)} names ${ve(r)}, but ${s}.`,i);this.fileCode=n}};l();async function cm(t){let e=t.reveal();if(!/^\s*private_?key\s*:/im.test(e))return;let{parseDocument:n}=await Promise.resolve().then(()=>xe(Fc())),
r=n(e,{prettyErrors:!1,logLevel:"silent"});try{return r.errors.length>0?void 0:r.toJS()}catch{return}}var lm={name:"serviceAccountKey",summary:"An authorised key of a service account: the JSON file that `yc iam key create`\
 writes.",options:{file:{kind:"path",secret:!0,env:["YC_SERVICE_ACCOUNT_KEY_FILE"],doc:"Path of the key file, or the JSO\
N itself; `~` is the home folder, and a pipe such as `<(...)` is read to its end."},json:{kind:"secret",json:!0,doc:"The\
 key file's content, as text or as the object itself."}},async resolve(t){let{options:e,source:n,isFromVariable:r,iam:o}=t,
{file:i,json:s}=e;if(s!==void 0&&i!==void 0&&!r("file"))throw new R(b`give ${T("serviceAccountKey.file")} or ${T("servic\
eAccountKey.json")}, not both.`,"serviceAccountKey");if(s!==void 0)return en(s,()=>n("json"),"serviceAccountKey.json",o);
if(i===void 0)return V("no authorised key is given",b`set ${T("serviceAccountKey.file")}, ${T("serviceAccountKey.json")} or YC_SERVICE_ACCOUNT_KEY_FILE`);
if(i.trimStart().startsWith("{"))return en(new L(i),()=>n("file"),"serviceAccountKey.file",o);let c=await vt(i,{from:()=>n(
"file"),option:"serviceAccountKey.file"},t),d=c.reveal().trimStart().startsWith("{")?c:await cm(c)??c;return en(d,()=>b`${n(
"file")} (${i})`,"serviceAccountKey.file",o)}};l();M();D();l();M();D();H();var Mi="ACTIONS_ID_TOKEN_REQUEST_URL",Bc="ACTIONS_ID_TOKEN_REQUEST_TOKEN",um="GitHub's reply to the request for an OIDC \
token",ji="give the job `permissions: id-token: write`";function fm({env:t}){let e=(t[Mi]??"").trim(),n=(t[Bc]??"").trim();
if(!(e===""&&n==="")){if(e===""||n===""){let[r,o]=e===""?[Bc,Mi]:[Mi,Bc];throw new R(`${r} is set but ${o} is not: GitHu\
b Actions sets both. Pass both on to this step.`,"workloadIdentity")}return{url:Ps(e,Mi,"workloadIdentity"),token:new L(
n)}}}async function dm(t,e,{context:n,call:r}){let o=new URL(t.url);e!==void 0&&o.searchParams.set("audience",e);let i=await n.
http({method:"GET",url:o.href,headers:{authorization:new L(`Bearer ${t.token.reveal()}`)},signal:r.signal,timeoutMs:r.remaining(),
retries:r.retries}).catch(a=>{throw $O(a)}),{value:s}=Ce(i,um);if(typeof s!="string"||s==="")throw Le(i,um,"has no value");
return new L(s)}function $O(t){return!(t instanceof q)||![400,401,403,404].includes(t.reply.status??0)?t:new R(b`GitHub gave no OIDC token: ${t.
text} To mend it, ${ji}.`,"workloadIdentity",t.reply)}l();M();Re();D();H();var pm=16384,hm=/^[-\w]+\.([-\w]+)\.[-\w]+$/;function Di(t,e,n){let r=t.reveal().trim(),o=i=>{throw new R(
b`${e} ${i}`,n)};return r===""?o("holds no OIDC token: it is empty."):r.length>pm?o(`is longer than ${pm} characters, so\
 it is no OIDC token.`):hm.test(r)?new L(r):o("holds no OIDC token: that is a JWT, three parts with dots between them.")}
function mm(t,e){let n=LO(t);if(n===void 0)return"";let{iss:r,sub:o,aud:i,exp:s}=n,a=Object.entries({issuer:r,subject:o,
audience:i}).flatMap(([u,d])=>{let f=[d].flat().filter(p=>typeof p=="string");return f.length===0?[]:[`${u} ${f.map(MO).
join(", ")}`]}),c=typeof s=="number"&&s*1e3<=e?["it has expired"]:[];return[...a,...c].join(", ")}function LO(t){let e=hm.
exec(t.reveal())?.[1]??"";return fe(Buffer.from(e,"base64url").toString("utf8"))}function MO(t){return t.replace(/[^\x21-\x7e]/g,
"?").slice(0,200)}var _r="workloadIdentity",qi="/var/run/secrets/tokens/yc-wif/token",jO={serviceAccountId:{kind:"string",env:["YC_WIF_SA_\
ID"],doc:"Id of the service account that the external identity acts as."},tokenFile:{kind:"path",env:["YC_WIF_TOKEN_FILE"],
default:qi,doc:"File with the OIDC token, read again at every exchange; the default counts only where it exists."},token:{
kind:"secret",env:["YCIAM_WORKLOAD_IDENTITY_TOKEN"],doc:"The OIDC token itself, such as GitLab's `id_tokens` put in a va\
riable."},githubAudience:{kind:"string",env:["YCIAM_WORKLOAD_IDENTITY_GITHUB_AUDIENCE"],doc:"Audience asked of GitHub Ac\
tions, where the token comes from ACTIONS_ID_TOKEN_REQUEST_URL; GitHub's default is the owner's URL."}},gm={name:_r,summary:"\
An OIDC token of GitHub Actions, GitLab, Kubernetes or another issuer, exchanged for an IAM token.",options:jO,async resolve(t){
let{serviceAccountId:e}=t.options;if(e===void 0)return DO(t);let n=qO(e,t.source("serviceAccountId")),r=await UO(t);return t.
iam.authRoot(),t.dryRun&&await r.check(),{id:`workloadIdentity ${n} ${r.id}`,token:async o=>{let i=await r.read(o);return t.
iam.exchangeSubjectToken(i,n,o).catch(s=>{throw YO(s,i,n,t)})}}}};function DO({options:t,source:e,context:n}){let r=["to\
ken","tokenFile","githubAudience"].find(i=>t[i]!==void 0);if(r!==void 0)throw new R(b`${e(r)} is set, but not whose token is wanted: set ${T(
"workloadIdentity.serviceAccountId")} or YC_WIF_SA_ID to the id of a service account.`,"workloadIdentity.serviceAccountI\
d");let o=(n.env.ACTIONS_ID_TOKEN_REQUEST_URL??"")!=="";return V(o?"this job of GitHub Actions may ask for OIDC tokens, \
but no service account is named":"no service account is named to exchange an OIDC token for",b`set ${T("workloadIdentity\
.serviceAccountId")} or YC_WIF_SA_ID`)}function qO(t,e){if(/^[-\w]{1,50}$/.test(t))return t;throw new N(b`${e} is not the id of a service account: letters and digits, 50 at most, such as aje0123456789abcdefg.`,
"workloadIdentity.serviceAccountId")}async function UO(t){FO(t);let e=BO(t)??HO(t)??await KO(t);if(e===void 0)throw GO(t);
return e}function FO({options:t,source:e}){if(/[^\x21-\x7e]/.test(t.githubAudience??""))throw new N(b`${e("githubAudienc\
e")} has a space or another character that no audience has.`,"workloadIdentity.githubAudience")}function BO(t){let{options:e,
source:n,isFromVariable:r}=t,{token:o,tokenFile:i}=e,s=a=>!r(a);if(o===void 0)return i===void 0?void 0:Kc(i,n("tokenFile"),
t);if(i===void 0)return ym(o,t);if(s("token")===s("tokenFile"))throw new R(b`${n("token")} and ${n("tokenFile")} are both set. Leave one of them out.`,
_r);return s("token")?ym(o,t):Kc(i,n("tokenFile"),t)}async function KO(t){if(t.options.githubAudience!==void 0)return;let e=T(
"workloadIdentity.tokenFile");return await tn(qi,{from:e,option:_r},t)===void 0?void 0:Kc(qi,e,t)}function ym(t,{source:e}){
let n=Di(t,e("token"),"workloadIdentity.token");return{id:`token ${J(n.reveal())}`,read:async()=>n,check:async()=>{}}}function Kc(t,e,{
context:n,call:r}){let o=async i=>{let s=await vt(t,{from:e,option:"workloadIdentity.tokenFile"},{context:n,call:i});return Di(
s,b`the file of ${e} (${t})`,"workloadIdentity.tokenFile")};return{id:`file ${t}`,read:o,check:async()=>{await o(r)}}}function HO({
options:t,context:e}){let n=fm(e);if(n===void 0)return;let r=t.githubAudience;return{id:`github ${r??""} ${J(n.token.reveal())}`,
read:async o=>{let i=await dm(n,r,{context:e,call:o});return Di(i,"GitHub's reply",_r)},check:async()=>{}}}function GO({
source:t,context:e,options:n}){let o=e.env.GITHUB_ACTIONS==="true"||n.githubAudience!==void 0?b`In GitHub Actions, ${ji}`:
b`Set ${T("workloadIdentity.tokenFile")}, YC_WIF_TOKEN_FILE or ${T("workloadIdentity.token")}; in a pod, mount a projected token at ${qi}; in GitHub Actions, ${ji}`,
i=n.githubAudience===void 0?"serviceAccountId":"githubAudience";return new R(b`${t(i)} is set, but there is no OIDC token to exchange. ${o}.`,
"workloadIdentity")}function YO(t,e,n,{iam:r}){if(!(t instanceof R))return t;let o=mm(e,r.clock.now()),i=o===""?"":` The\
 OIDC token says: ${o}.`,s=new R(b`${t.text}${i} A federation must trust this issuer and audience, and a federated credential must bind exactly this subject to the service account ${n}.`,
_r,t.reply);return bo(s,n,r.endpoints)}l();M();D();H();l();var wm=require("node:path");M();Re();D();H();function Ui({home:t}){return(0,wm.join)(t,".config","yandex-cloud","con\
fig.yaml")}async function bm(t,e){let{LineCounter:n,parseDocument:r,visit:o}=await Promise.resolve().then(()=>xe(Fc())),
i=new n,s=r(t.reveal(),{lineCounter:i,prettyErrors:!1,logLevel:"silent"}),a=(d,f)=>{let{line:p}=i.linePos(d);throw new R(
b`${e} is not valid YAML: line ${p} (${f}). Mend it, or write it anew with \`yc init\`.`,"ycProfile.configFile")},[c]=s.
errors;if(c!==void 0)return a(c.pos[0],c.code);let u=new Set;return o(s,{Alias:(d,{source:f,range:p})=>{u.has(f)||a(p?.[0]??
0,"UNKNOWN_ALIAS")},Value:(d,{anchor:f})=>{f!==void 0&&u.add(f)}}),WO(VO(s),e)}function WO(t,e){if(t===null)return{profiles:{}};
let n=ke(t)?t:void 0,r=n?.profiles??{};if(n===void 0||!ke(r))throw new R(b`${e} is not a configuration of yc: it must be a mapping with \`current\` and \`profiles\`.`,
"ycProfile.configFile");let o=n.current,i=Object.entries(r).map(([s,a])=>[s,ke(a)?a:{}]);return{profiles:Object.fromEntries(
i),...typeof o=="string"&&o!==""?{current:o}:{}}}function Sm(t,e,n,r){let o=Object.hasOwn(t.profiles,e)?t.profiles[e]:void 0;
if(o!==void 0)return o;let i=Object.keys(t.profiles),s=i.length===0?"no profile at all":`only: ${i.map(Fe).join(", ")}`;
throw new R(b`${n} names the profile ${Fe(e)}, but ${r} has ${s}.`,"ycProfile.profile")}function VO(t){try{return t.toJS()}catch{
return}}function km(t,e){return e===void 0?`yc's configuration (${t})`:b`the file of ${e} (${t})`}var Fi=b`run \`yc init\`, or set ${T(
"ycProfile.configFile")}`;var JO={profile:{kind:"string",env:["YCIAM_YC_CLI_PROFILE"],doc:"Name of the profile; by default the one in use."},path:{
kind:"path",env:["YCIAM_YC_CLI_PATH"],default:"yc",doc:"The `yc` program, when it is not on PATH."}},Em={name:"ycCli",summary:"\
The user signed in to the `yc` tool, federated and local ones too; without a terminal, only when named.",options:JO,async resolve(t){
let{options:e,named:n,context:r}=t;if(!n&&!r.interactive)return V("yc is asked only when it is named, or at a terminal",
b`name ${T("ycCli")} in ${T("resolvers")} or YCIAM_RESOLVERS`);let o=XO(t),i=await zO(t);if(typeof i!="string")return i;
let s=n?void 0:await ZO(t),a=`ycCli ${JSON.stringify([e.path??"",...o])}`;return s??{id:a,token:c=>ex([i,...o],t,c)}}},Am=[
"--no-user-output","--format","text"];async function zO({options:t,source:e,context:n}){let r=await n.which((t.path??"yc").
replace(/^~(?=\/)/,n.home));if(r!==void 0)return r;if(t.path===void 0)return V("the program yc is not installed, or not \
on PATH",b`install yc, or set ${T("ycCli.path")}`);throw new R(b`${e("path")} names ${ve(t.path)}, but there is no such program. Give the path of yc.`,
"ycCli.path")}function XO({options:t,source:e,iam:n}){let r=t.profile?.trim();if(r!==void 0&&/^-|[^\x20-\x7e]/.test(r))throw new N(
b`${e("profile")} is not the name of a profile. \`yc config profile list\` tells the names.`,"ycCli.profile");let{api:o,
installation:i}=n.endpoints;return["iam","create-token",...Am,...r===void 0?[]:["--profile",r],...i==="ru"?[]:["--endpoi\
nt",QO(o)]]}function QO(t){let{hostname:e,port:n,protocol:r}=new URL(t);return`${e}:${n||(r==="https:"?"443":"80")}`}async function ZO(t){
let e=Ui(t.context);return await tn(e,{from:"yc",option:"ycCli"},t)===void 0?V(`yc was never set up here (${e})`,"run `y\
c init`"):void 0}async function ex(t,{context:e,iam:n},r){let o=t.slice(1).filter(a=>!Am.includes(a)),i={argv:t,env:tx(e),
name:`\`yc ${o.join(" ")}\``,path:"ycCli"};return{token:Te(await Co(i,e,r),"`yc iam create-token`","ycCli"),issuedAt:n.clock.
now()}}function tx({env:t}){return{...t,YC_IAM_TOKEN:void 0,YC_CLI_INITIALIZATION_SILENCE:"true"}}l();M();D();H();var nx={profile:{kind:"string",env:["YCIAM_YC_PROFILE_PROFILE"],doc:"Name of the profile; by default the one in use, `cu\
rrent`."},configFile:{kind:"path",env:["YCIAM_YC_PROFILE_CONFIG_FILE"],default:"~/.config/yandex-cloud/config.yaml",doc:"\
Configuration file of yc."}},Tm="ycProfile.configFile",_m={name:"ycProfile",summary:"The key, OAuth token or instance id\
entity that a profile of the `yc` tool holds.",options:nx,async resolve(t){let{options:e,source:n,context:r}=t,o=e.configFile??
Ui(r),i=km(o,e.configFile===void 0?void 0:n("configFile")),s=await rx(o,t);if(s===void 0)return ox(o,t);let a=await bm(s,
i),c=e.profile??a.current;if(c===void 0)return V(b`${i} has no profile in use`,Fi);let u=e.profile===void 0?b`\`current\``:
n("profile");return ix(Sm(a,c,u,i),{name:c,at:i},t)}};function rx(t,e){return e.options.configFile===void 0?tn(t,{from:"\
yc",option:Tm},e):vt(t,{from:e.source("configFile"),option:Tm},e)}function ox(t,{options:e,source:n}){if(e.profile===void 0)
return V(`yc has no configuration here (${t})`,Fi);throw new R(b`${n("profile")} names the profile ${Fe(e.profile)}, but yc has no configuration here: there is no file ${t}. To mend it, ${Fi}.`,
"ycProfile.profile")}async function ix(t,e,n){let r=t["service-account-key"],o=t.token,i=[!0,"true"].includes(t["instanc\
e-service-account"]),s=b`the profile ${Fe(e.name)} in ${e.at}`;return(r!==void 0||o!==void 0)&&cx(t.endpoint,s,n),r!==void 0?
en(r,b`service-account-key of ${s}`,"ycProfile",n.iam):o!==void 0?Lo(ax(o,s),n):i?sx(s,n):lx(t,e)}async function sx(t,e){
let n=await Zt({...e,only:!0},ad(e.context));if(!Ke(n))return n;throw new R(b`${t} takes the service account of this instance (instance-service-account), but ${n.
reason}. To mend it, ${n.remedy}, or choose another profile with ${T("ycProfile.profile")}.`,"ycProfile")}function ax(t,e){
let n=b`\`token\` of ${e}`;if(typeof t!="string")throw new R(b`${n} is not a string.`,"ycProfile");let r=Te(new L(t),n,"\
ycProfile");if(!io(r.reveal()))return r;throw new R(b`${n} is an IAM token, which lives 12h at most; a profile is for credentials that last. Put it in YC_IAM_TOKEN, or sign in again with \`yc init\`.`,
"ycProfile")}function cx(t,e,{iam:n}){if(typeof t!="string"||t.trim()==="")return;let r=o=>{let i=o.includes("://")?o:`h\
ttps://${o}`;return URL.canParse(i)?new URL(i).host:o};if(r(t)!==r(n.endpoints.api))throw new R(b`${e} is for the endpoint ${r(
t)}, but ${r(n.endpoints.api)} is in use here. Set ${T("endpoint")} to ${r(t)}, or choose another profile with ${T("ycPr\
ofile.profile")}.`,"ycProfile")}function lx(t,{name:e,at:n}){let r=t["federation-id"]!==void 0;return V(b`the profile ${Fe(
e)} in ${n} ${r?"is of a federated user, whose session yc alone can use":"holds no credential of its own"}`,b`ask yc itself with ${T(
"ycCli")}, by naming it in ${T("resolvers")}`)}var Lt=[dd,lm,gm,rd,pd,_m,Em,hd,nd];var Or=new AbortController().signal,ux=10;function Gc(t,e){let n=Yf(t,e.env,Lt),r=new Qt(n,e),{timeoutMs:o,retries:i}=n,
{clock:s}=r.iam,{files:a}=e,c={at:-1/0},u=new Ae,d,f,p,y=async g=>{let S=p;try{let E=await r.choose(g,S?.candidate),_=Hc(
r,E,await E.source.hold(g));return p===S&&(p=_),_.result}finally{f=void 0}},k=async(g,S,E)=>{let{source:_}=S,v=_.usable();
if(v!==void 0&&_.isPausing()&&!E)return(p=Hc(r,S,v)).result;c.tried=Vf(S.versions,a);let I=v===void 0?g:se(g.signal,g.remaining()/
2,i);try{return await Ee(I,y(g))}catch(P){if(g.signal.aborted||Hn(P)&&_.fresh(s.now())===void 0)throw P;return p=Hc(r,S,
_.insteadOf(P)),p.result}},w={getIamToken:(g=Or)=>{if(g.aborted)return Promise.reject(g.reason);if(f?.signal===g&&Math.abs(
e.now()-f.since)<ux)return f.answer;let S=p,E=y;if(S!==void 0){let v=s.now(),I=Wf(c,a,S,v);if(!I&&S.source.fresh(v)===S.
held)return Promise.resolve(S.result);E=P=>k(P,S,I)}let _=u.join(se(g,o,i),E);return f={signal:g,since:e.now(),answer:_},
_},getAccessKey:async(g={},S=Or)=>(S.throwIfAborted(),d??=new _o(r,E=>{let _=Gc({...t,minRemainingValidity:`${E}ms`},e);
return v=>_.getIamToken(v)}),d.get(g,se(S,o,i))),whoami:async(g=Or)=>Xf(r,await w.getIamToken(g),g),explain:async({verify:g=!1,
signal:S=Or}={})=>{let E=se(S,o,i);return Ee(E,Hf(r,E,g))},revoke:async(g,S=Or)=>(f=void 0,fx(r,g,se(S,o,i))),now:()=>s.
now(),forget:async g=>(f=void 0,r.drop(g))};return w}function Hc(t,e,n){let{plan:r,iam:o}=t,{issuedAt:i,expiresAt:s=1/0}=n.
token,a=Math.min(n.askedAt+r.policy.refreshAfterMs,s),c=i===void 0?void 0:Math.max(a,o.clock.now());return{...e,held:n,result:ed(
n.token,e.candidate.resolver.name,c)}}async function fx(t,e,n){try{let r=await Ee(n,t.iam.revoke(e,n));return await t.forget(
e),r}catch(r){throw Gn(r)&&await t.forget(e),r}}l();var Yc="0.1.0";l();var Wc=require("node:crypto");function hn(t,e=""){let n=e.replaceAll("%","%25").replaceAll("\r","%0D").replaceAll(`
`,"%0A");return`::${t}::${n}
`}function Vc(t){return hn("add-mask",t.reveal())}function Om(t){let e=(0,Wc.randomUUID)();return`::stop-commands::${e}
${t.replace(/\n?$/,`
`)}::${e}::
`}function xm(t){let e=`yciam_${(0,Wc.randomUUID)()}`;return Object.entries(t).map(([n,r])=>`${n}<<${e}
${r}
${e}
`).join("")}l();var xs=require("node:os"),Mb=require("node:path"),Tu=require("node:tty");D();l();var Bi=require("node:path");function Jc({platform:t,env:e,home:n}){let r=t==="win32"?Bi.win32:Bi.posix,{XDG_CACHE_HOME:o="",
LOCALAPPDATA:i=""}=e;if(r.isAbsolute(o))return r.join(o,"yciam","tokens");if(t==="win32"&&r.isAbsolute(i))return r.join(
i,"yciam","Cache","tokens");if(r.isAbsolute(n))return t==="win32"?r.join(n,"AppData","Local","yciam","Cache","tokens"):t===
"darwin"?r.join(n,"Library","Caches","yciam","tokens"):r.join(n,".cache","yciam","tokens")}l();var We=require("node:fs"),nl=require("node:path");l();var me=require("node:crypto"),Ye=Buffer.from(`yciam-token-2
`),[zc,Rm,Xc,Cm]=[16,32,12,16],[Qc,Ki]=[Ye.length+zc,Ye.length+zc+Rm],[vm,Zc]=[Ki+Xc,Ki+Xc+Cm];function Im({identity:t,material:e}){
let n=(0,me.hkdfSync)("sha256",e.reveal(),Ye,"yciam token cache: names of entries",32);return(0,me.createHmac)("sha256",
Buffer.from(n)).update(t).digest("hex").slice(0,32)}function Nm(t,e,n){let r=Mm(n),o=(0,me.randomBytes)(Rm),i=(0,me.randomBytes)(
Xc),s=(0,me.createCipheriv)("aes-256-gcm",jm(t,o),i);s.setAAD(Dm(t,r));let a=Buffer.concat([s.update(e,"utf8"),s.final()]);
return Buffer.concat([Ye,r,o,i,s.getAuthTag(),a])}function Pm(t,e){if(!Lm(e))return;let n=jm(t,e.subarray(Qc,Ki)),r=e.subarray(
Ki,vm),o=(0,me.createDecipheriv)("aes-256-gcm",n,r,{authTagLength:Cm});o.setAAD(Dm(t,e.subarray(Ye.length,Qc))),o.setAuthTag(
e.subarray(vm,Zc));try{return Buffer.concat([o.update(e.subarray(Zc)),o.final()]).toString("utf8")}catch{return}}function $m(t,e){
return Lm(e)&&e.subarray(Ye.length,Qc).equals(Mm(t))}function Lm(t){return t.length>=Zc&&t.subarray(0,Ye.length).equals(
Ye)}function Mm(t){return(0,me.createHash)("sha256").update(`yciam token cache: mark of a token
${t.reveal()}`).digest().subarray(0,zc)}function jm({material:t},e){return Buffer.from((0,me.hkdfSync)("sha256",t.reveal(),
e,"yciam token cache: key of an entry",32))}function Dm({identity:t},e){return Buffer.concat([Ye,e,Buffer.from(t)])}l();var qm=require("node:crypto"),W=require("node:fs"),Um=require("node:path"),Pe=class extends Error{},{O_RDONLY:dx,O_NOFOLLOW:px=0,
O_NONBLOCK:hx=0}=W.constants,mx=dx|px|hx;function xr(t,e){Fm(t);let n=(0,W.lstatSync)(t);if(!n.isDirectory())throw new Pe(
"it is a link or a file; put a folder of your own in its place");Bm(n,e,"chmod 700")}function Fm(t){for(let e=!1;;e=!0)try{
return(0,W.mkdirSync)(t,{mode:448}),(0,W.chmodSync)(t,448)}catch(n){let{code:r}=n,o=(0,Um.dirname)(t);if(r==="EEXIST")return;
if(e||r!=="ENOENT"||o===t)throw n;Fm(o)}}function Hi(t,e,n){let r=yx(t);if(r!==void 0)try{let o=(0,W.fstatSync)(r);if(!o.
isFile())throw new Pe("an entry in it is no plain file; remove that");if(o.size>n)throw new Pe("an entry in it is too la\
rge to be ours; remove that");return Bm(o,e,"chmod 600"),(0,W.readFileSync)(r)}finally{(0,W.closeSync)(r)}}function yx(t){
try{return(0,W.openSync)(t,mx)}catch(e){let{code:n}=e;if(n==="ENOENT")return;throw n==="ELOOP"||n==="EMLINK"?new Pe("an \
entry in it is a link; remove that"):e}}function Bm({uid:t,mode:e},n,r){if(n!==void 0){if(t!==n)throw new Pe("it belongs\
 to another user; remove it");if((e&63)!==0)throw new Pe(`others may read it; run ${r} on it or remove it`)}}function el(t,e,n){
let r=`${t}.${(0,qm.randomBytes)(8).toString("hex")}.tmp`;try{let o=(0,W.openSync)(r,"wx",384);try{(0,W.fchmodSync)(o,384),
(0,W.writeFileSync)(o,e),(0,W.futimesSync)(o,n/1e3,n/1e3)}finally{(0,W.closeSync)(o)}(0,W.renameSync)(r,t)}catch(o){throw(0,W.rmSync)(
r,{force:!0}),o}}l();var Ym=require("node:crypto"),Z=require("node:fs"),vr=require("node:path"),Wm=require("node:timers/promises");l();var Km=require("node:crypto"),Gi=require("node:fs"),Hm=require("node:os"),Gm=require("node:path");function tl(t="/pr\
oc"){let e=[(0,Hm.hostname)()],n=[["sys/kernel/random/boot_id",Gi.readFileSync],["self/ns/pid",Gi.readlinkSync]];for(let[
r,o]of n)try{e.push(o((0,Gm.join)(t,r),"utf8"))}catch{e.push("")}return(0,Km.hash)("sha256",JSON.stringify(e)).slice(0,16)}st();var gx=500,wx=3e3,bx=10;async function Vm(t,{signal:e,waitMs:n}){let r=z()+n,o=(0,Ym.randomBytes)(8).toString("hex"),
i=tl(),s=`${process.pid}-${i}-${o}`,a=`${t}.${o}.tmp`,c,u=!1;try{for((0,Z.mkdirSync)(a),(0,Z.chmodSync)(a,448),(0,Z.writeFileSync)(
(0,vr.join)(a,s),"");;){if(e.throwIfAborted(),u=Sx(a,t),u)return kx(t,s);if(c??=Ex(t,i),!c()){if(z()>=r)return;await(0,Wm.setTimeout)(
bx*(.5+Math.random()),void 0,{signal:e}).catch(()=>{})}}}finally{u||(0,Z.rmSync)(a,{recursive:!0,force:!0})}}function Sx(t,e){
try{return(0,Z.renameSync)(t,e),!0}catch(n){let{code:r=""}=n;if((process.platform==="win32"?["EPERM","EACCES","EEXIST"]:
["ENOTEMPTY","EEXIST"]).includes(r))return!1;throw n}}function kx(t,e){let r=setInterval(()=>Yi(()=>(0,Z.utimesSync)((0,vr.join)(
t,e),new Date,new Date)),gx).unref();return async()=>{clearInterval(r),Yi(()=>Jm(t,e))}}function Jm(t,e){try{(0,Z.unlinkSync)(
(0,vr.join)(t,e))}catch(n){if(n.code!=="ENOENT")throw n}Yi(()=>(0,Z.rmdirSync)(t))}function Yi(t){try{return t(),!0}catch{
return!1}}function Ex(t,e){let n="",r=z();return()=>{let o=Ax(t);if(o===void 0)return Yi(()=>(0,Z.rmdirSync)(t));let i=`${o}\
 ${_x((0,vr.join)(t,o))}`;return i!==n&&(r=z()),n=i,!Tx(o,e)&&z()-r<wx?!1:(Jm(t,o),!0)}}function Ax(t){try{return(0,Z.readdirSync)(
t)[0]}catch(e){if(e.code==="ENOENT")return;throw e}}function Tx(t,e){let[n,r]=t.split("-");if(r!==e)return!1;try{return process.
kill(Number(n),0),!1}catch(o){return o.code==="ESRCH"}}function _x(t){return(0,Z.statSync)(t,{throwIfNoEntry:!1})?.mtimeMs??
0}var zm=16*1024,Ox=100,xx=24*36e5,Wi=class{constructor(e){this.parts=e;this.isTold=!1;this.paths=new WeakMap;this.owner="\
owner"in e?e.owner:process.geteuid?.()}async load(e){let{folder:n}=this.parts;try{let r=Hi(this.#e(e),this.owner,zm);if(r===
void 0)return;xr(n,this.owner);let o=Pm(e,r);if(o!==void 0)return o;throw new Pe("an entry in it is damaged; it will be \
written anew")}catch(r){return this.#t(r,e.log)}}async save(e,n,r){try{xr(this.parts.folder,this.owner),el(this.#e(e),Nm(
e,n,r),this.parts.now()),Cx(this.parts)}catch(o){this.#t(o,e.log)}}async forget(e){try{vx(e,this.parts,this.owner)}catch(n){
this.#t(n)}}async lock(e,n){try{return xr(this.parts.folder,this.owner),await Vm(`${this.#e(e)}.lock`,n)}catch(r){return n.
signal.throwIfAborted(),this.#t(r,e.log)}}#e(e){let n=this.paths.get(e)??(0,nl.join)(this.parts.folder,Im(e));return this.
paths.set(e,n),n}#t(e,n=this.parts.log){this.isTold||(this.isTold=!0,n.warn(`the token cache in ${this.parts.folder} is \
not used as it should be: ${Rx(e)}. Tokens are got anew where it cannot help; to do without it, set the option cache, or\
 YCIAM_CACHE, to memory.`))}};function vx(t,{folder:e,now:n},r){for(let{path:o}of Qm(e,n()).filter(({isEntry:i})=>i)){let i=Xm(
()=>Hi(o,r,zm));i!==void 0&&$m(t,i)&&(0,We.rmSync)(o,{force:!0})}}function Xm(t){try{return t()}catch{return}}function Rx(t){
return t instanceof Pe?t.message:t.code??"unknown error"}function Cx({folder:t,now:e}){let n=Qm(t,e()),r=({isEntry:i,age:s})=>Math.
abs(s)>(i?et:xx),o=n.filter(i=>i.isEntry&&!r(i)).sort((i,s)=>i.age-s.age).slice(Ox);for(let{path:i}of[...n.filter(r),...o])
(0,We.rmSync)(i,{recursive:!0,force:!0})}function Qm(t,e){return((0,We.existsSync)(t)?(0,We.readdirSync)(t):[]).filter(r=>/^[0-9a-f]{32}(?:\.[0-9a-z.]+)?$/.
test(r)).flatMap(r=>{let o=(0,nl.join)(t,r),i=r.length===32,s=Xm(()=>(0,We.lstatSync)(o));return s===void 0||!(s.isFile()||
s.isDirectory()&&!i)?[]:[{path:o,isEntry:i,age:e-s.mtimeMs}]})}l();var ae=require("node:fs"),il=1024*1024,Ix=2**31-1,Nx=ae.constants.O_RDONLY|(ae.constants.O_NONBLOCK??0),Zm=/^~(?=\/|$)/;
function ey(t){let e=new Map,n=t.replaceAll("$","$$$$");return{read:async(r,o={})=>(o.signal?.throwIfAborted(),(await Px(
e,r.replace(Zm,n),o)).toString("utf8").replace(/^\uFEFF/,"")),version:r=>{try{let o=(0,ae.statSync)(r.replace(Zm,n));return o.
isFile()?`${o.mtimeMs} ${o.ctimeMs} ${o.size} ${o.ino}`:void 0}catch{return}}}}async function Px(t,e,n){let r=(0,ae.openSync)(
e,Nx),o=(0,ae.fstatSync)(r);if(o.isFile())return Lx(r,o.size);if(!o.isFIFO())return rl(ol((0,ae.createReadStream)("",{fd:r,
end:il})),n);let i=t.get(e);if(i!==void 0)return(0,ae.closeSync)(r),rl(i,n);let s=$x(r);return t.set(e,s),s.catch(()=>t.
delete(e)),rl(s,n)}async function $x(t){let{Bun:e}=globalThis;if(e!==void 0)return ol(e.file(t).stream());let{Socket:n}=await import("node:net");
return ol(new n({fd:t,readable:!0,writable:!1}).unref())}async function rl(t,{signal:e,timeoutMs:n}){let r=()=>{},o=new Promise(
(i,s)=>{let c=setTimeout(()=>s(sl("ETIMEDOUT")),Math.ceil(n??Ix)),u=()=>s(e?.reason);e?.addEventListener("abort",u,{once:!0}),
r=()=>{clearTimeout(c),e?.removeEventListener("abort",u)}});try{return await Promise.race([t,o])}finally{r()}}function Lx(t,e){
let n=[],r=0;try{for(;;){if(Math.max(r,e)>il)throw sl("EFBIG");let o=Buffer.allocUnsafe(e===0?64*1024:e-r),i=(0,ae.readSync)(
t,o);if(n.push(o.subarray(0,i)),r+=i,i===0||r===e)return Buffer.concat(n)}}finally{(0,ae.closeSync)(t)}}async function ol(t){
let e=[],n=0;for await(let r of t){if(n+=r.length,n>il)throw sl("EFBIG");e.push(r)}return Buffer.concat(e)}function sl(t){
return Object.assign(new Error("the file cannot be read"),{code:t})}l();var gn=require("node:path"),ts=require("node:url");l();var ty=t=>import(t);async function Cy(t,e=process.cwd()){let r=t.startsWith(".")||(0,gn.isAbsolute)(t)?(0,ts.pathToFileURL)((0,gn.resolve)(e,
t)).href:await _v(t,e);try{return await ty(r)}catch(o){throw o.name==="BuildMessage"?new SyntaxError("the module does no\
t parse"):o}}async function _v(t,e){try{return(0,ts.pathToFileURL)(require.resolve(t,{paths:[e]})).href}catch{return(await Promise.resolve().then(()=>(Ry(),vy))).
resolve(t,(0,ts.pathToFileURL)((0,gn.join)(e,"module.js")).href)}}l();H();var Ov=1024*1024,Iy=async([t,...e],{signal:n,timeoutMs:r,env:o})=>{let{execFile:i}=await import("node:child_process");
return new Promise((s,a)=>{let c={signal:n,timeout:Math.max(1,Math.ceil(r)),killSignal:"SIGKILL",maxBuffer:Ov,windowsHide:!0,
...o?{env:{...o}}:{}};i(t,e,c,(d,f,p)=>{let y=d?.code;n.aborted?a(n.reason):typeof y=="string"?a(Object.assign(new Error(
"program could not be run"),{code:y})):s({code:d===null?0:typeof y=="number"?y:null,stdout:new L(f),stderr:p})}).stdin?.
end()})};l();var wn=require("node:fs"),Pr=require("node:path");function Ny(t){let{platform:e,env:n,isProgram:r=Rv}=t,o=e==="win32";
return async i=>{let s=(o?/[\\/:]/:/\//).test(i),a=s?[i]:o?vv(i,n):xv(i,n);for(let c of a)if(await r(c,s))return c}}function xv(t,{
PATH:e=""}){return e.split(":").filter(r=>Pr.posix.isAbsolute(r)).map(r=>Pr.posix.join(r,t))}function vv(t,e){let n=Object.
fromEntries(Object.entries(e).map(([c,u])=>[c.toUpperCase(),u])),r=(n.PATHEXT??".COM;.EXE;.BAT;.CMD").split(";").filter(
c=>c!==""),i=r.some(c=>t.toUpperCase().endsWith(c.toUpperCase()))?[t]:r.map(c=>t+c);return(n.PATH??"").split(";").map(c=>c.
replaceAll('"',"")).filter(c=>/^(?:[a-z]:[\\/]|\\\\)/i.test(c)).flatMap(c=>i.map(u=>Pr.win32.join(c,u)))}async function Rv(t,e){
try{return await wn.promises.access(t,e?wn.constants.F_OK:wn.constants.X_OK),(await wn.promises.stat(t)).isFile()}catch{
return!1}}function _u(t){let e=qI(),n=e??"/",{env:r,platform:o}=process,i=Jc({platform:o,env:r,home:e??""}),s,a=()=>(s??=(Lb(),Rs($b)).
createHttp({userAgent:t.userAgent}),s);return{env:r,files:ey(n),exec:Iy,which:c=>Ny({platform:o,env:r})(c),http:c=>a()(c),
loadHttp:a,now:Date.now,log:t.log,interactive:(0,Tu.isatty)(0)&&(0,Tu.isatty)(2),home:n,session:new Po,...i===void 0?{}:
{store:new Wi({folder:i,now:Date.now,log:t.log})},spelling:t.spelling??Mn,loadModule:c=>Cy(c)}}function qI(){for(let t of[
xs.homedir,()=>(0,xs.userInfo)().homedir])try{let e=t();if((0,Mb.isAbsolute)(e))return e}catch{}}l();H();l();M();var UI=["YC_IAM_TOKEN","YC_TOKEN"];function Ou({token:t}){return Object.fromEntries(UI.map(e=>[e,t.reveal()]))}l();M();l();l();function jb({kind:t,secret:e}){return t==="secret"||e===!0}var xu=[...Lt,Xt],qb=it,Db=Zf,_H=Object.keys(Db).filter(t=>Db[t]?.secret),OH=xu.filter(({options:t})=>Object.values(t).some(
jb)).map(({name:t})=>t);var Ub={"service-account-id":"workloadIdentity.serviceAccountId",audience:"workloadIdentity.githubAudience","impersonate\
-service-account-id":"impersonate.serviceAccountId","min-remaining-validity":"minRemainingValidity"};function Fb(t,e){let n=(t[`\
INPUT_${e.toUpperCase()}`]??"").trim();return n===""?void 0:n}function vu(t,e){let n=Fb(t,e)??"false";if(/^(true|True|TRUE)$/.
test(n))return!0;if(/^(false|False|FALSE)$/.test(n))return!1;throw new N(`the input ${e} is neither true nor false.`,e)}
function Bb(t){let e={cache:"none"};(t.YCIAM_RESOLVERS??"")===""&&(e.resolvers=["workloadIdentity"]);for(let[n,r]of Object.
entries(Ub)){let o=Fb(t,n),[i="",s]=r.split(".");o!==void 0&&(e[i]=s===void 0?o:{...e[i],[s]:o})}return e}var Ru=t=>{let[
e]=Object.entries(Ub).find(([,r])=>r===t)??[];if(e!==void 0)return`the input ${e}`;let[n]=FI(t)?.env??[];return typeof n==
"object"?n.name:n??t};function FI(t){let[e="",n]=t.split(".");return n===void 0?qb[e]:xu.find(({name:r})=>r===e)?.options[n]}l();H();var BI={used:"would be asked",unavailable:"not set up",failed:"FAILED",notTried:"not tried"};function Kb({resolvers:t,
chosen:e,verified:n}){let r=t.map(a=>[a.resolver,KI(a,n),`${a.durationMs} ms`,Tt(a.reason??"")]),o=[["RESOLVER","OUTCOME",
"TIME","REASON"],...r],i=[0,1,2].map(a=>Math.max(...o.map(c=>c[a].length)));return`${o.flatMap((a,c)=>{let u=a.slice(0,3).
map((p,y)=>p.padEnd(i[y])),d=t[c-1]?.remedy,f=" ".repeat(i.reduce((p,y)=>p+y+2,0));return[[...u,a[3]].join("  ").trimEnd(),
...d===void 0?[]:[`${f}-> ${Tt(d)}`]]}).join(`
`)}

${HI(e,n)}
`}function KI({outcome:t},e){return t==="used"&&e?"answered":BI[t]}function HI(t,e){return t===void 0?"No resolver gives\
 a token here.":e?`${t} gave a token.`:`${t} would be asked. No token was asked for; --verify does that.`}l();var Hb=require("node:fs");M();function GI(t,e){let n=t[e]??"";if(n!=="")return n;throw new N(`${e} is not set here: this is for a step of a GitHub wor\
kflow.`,e)}function to(t,e,n){let r=GI(t,e);try{(0,Hb.appendFileSync)(r,xm(n))}catch(o){let{code:i}=o;throw new N(`the f\
ile that ${e} names cannot be written (${i}).`,e)}}async function Gb(t){t.env.STATE_isPost==="true"?await VI(t):await YI(t)}async function YI({io:t,env:e,app:n}){to(e,"GIT\
HUB_STATE",{isPost:"true"});let[r,o]=[vu(e,"export-environment"),vu(e,"revoke")],i=n(Bb(e)),s=Kb(await i.explain({signal:t.
signal}));t.stdout.write(hn("group","yciam explain")),t.stdout.write(Om(s)),t.stdout.write(hn("endgroup"));let a=await i.
getIamToken(t.signal);t.stdout.write(Vc(a.token));let c=a.token.reveal();o&&to(e,"GITHUB_STATE",{token:c}),to(e,"GITHUB_\
OUTPUT",WI(a)),r&&to(e,"GITHUB_ENV",Ou(a))}function WI({token:t,expiresAt:e="",subjectId:n="",fingerprint:r}){return{token:t.
reveal(),"expires-at":e,"subject-id":n,fingerprint:r}}async function VI({io:t,env:e,app:n}){let r=e.STATE_token??"";r!==
""&&(await n({cache:"none"}).revoke(new L(r),t.signal),t.stdout.write(`The token is revoked.
`))}l();M();l();l();function Yb(t){return t.replaceAll(".","-").replace(/[A-Z]/g,e=>`-${e.toLowerCase()}`)}var Cu=t=>{let[e,n]=t.split(".");return Lt.some(o=>o.name===t)?t:n!==void 0&&e!=="impersonate"&&Lt.every(o=>o.name!==e)?
`--option ${t}=...`:`--${Yb(t)}`};function Wb(t,e=Cu){return t instanceof le?t.messageFor(e):`an unexpected ${at(t)}. This is a defect of yciam, or of a r\
esolver of your own: please report it.`}l();var Kt={ok:0,failed:1,nobodyAnswers:2,usage:64,interrupted:130};l();l();l();l();function vs(t){return t.replace(/[^\P{C}\n]/gu,"")}var Vb=!1,Iu={write:t=>(Vb||process.stderr.on("error",()=>{}),Vb=!0,process.stderr.write(vs(t)))};l();M();function Jb(t,e){let n=!1;return async()=>{if(n)throw new N("standard input can be read once: give `-` for one o\
ption alone.","stdin");n=!0;let r=t(),{text:o}=await import("node:stream/consumers"),i=()=>r.destroy(e.reason);e.addEventListener(
"abort",i,{once:!0});try{return await o(r)}finally{e.removeEventListener("abort",i)}}}function zb({code:t}){t==="EPIPE"&&process.exit(),Iu.write(`yciam: the output could not be written (${t}).
`),process.exit(Kt.failed)}var JI=2e3;function Xb(t){setTimeout(()=>process.exit(t??process.exitCode),JI).unref()}async function Qb({
run:t,report:e}){let n=new AbortController,r=()=>{n.abort(new DOMException("interrupted","AbortError")),Xb(Kt.interrupted)};
process.once("SIGINT",r),process.once("SIGTERM",r);let o=()=>{process.off("SIGINT",r).off("SIGTERM",r)};process.stdout.on(
"error",zb);let i=Jb(()=>process.stdin,n.signal),s=(f,p)=>{f.forEach(y=>process.on(y,p)),o()},a=()=>{process.stdout.off(
"error",zb)},{signal:c}=n,u={stdout:process.stdout,stderr:Iu,stdin:i,signal:c,mindSignals:s,leaveOutput:a},d=f=>{process.
exitCode=f};process.once("uncaughtException",f=>process.exit(e(f,u)));try{await t(u,d)}catch(f){d(e(f,u))}finally{o(),Xb()}}function Nu(t,e,n){let r=n===void 0?"":` ${JSON.stringify(n)}`;process.stdout.write(hn(t,vs(`yciam: ${e}${r}`)))}var zI={
debug:(t,e)=>Nu("debug",t,e),warn:(t,e)=>Nu("warning",t,e)};function Zb(){let t=`yciam/${Yc} (github-action)`,e=_u({log:zI,
spelling:Ru,userAgent:t}),{env:n}=e,r=n.STATE_isPost==="true";return Qb({run:o=>Gb({io:o,env:n,app:i=>Gc(i,e)}),report:(o,{
signal:i})=>i.aborted?Kt.interrupted:(Nu(r?"warning":"error",Wb(o,Ru)),r?Kt.ok:Kt.failed)})}Zb();
