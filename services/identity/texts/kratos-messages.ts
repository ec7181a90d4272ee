import type { Translated } from "./language.ts";

const signIn = { en: "Sign in", fr: "Se connecter" };
const next = { en: "Continue", fr: "Continuer" };
const codeSent = {
  en: "If this address is the right one, an e-mail with a code is on its way. Check your spam folder too.",
  fr: "Si cette adresse est la bonne, un e-mail contenant un code est en route. Regardez aussi dans vos indésirables.",
};
const linkSent = {
  en: "If this address is the right one, an e-mail with a link is on its way. Check your spam folder too.",
  fr: "Si cette adresse est la bonne, un e-mail contenant un lien est en route. Regardez aussi dans vos indésirables.",
};
const codeInvalid = {
  en: "This code is wrong or was already used. Please try again.",
  fr: "Ce code est incorrect ou a déjà servi. Veuillez réessayer.",
};
const expired = {
  en: "This page was open for too long. Please try again.",
  fr: "Cette page est restée ouverte trop longtemps. Veuillez réessayer.",
};
const done = {
  en: "This was already done and cannot be done again.",
  fr: "C’est déjà fait et ne peut être refait.",
};
const failed = {
  en: "Something went wrong here. Please start again.",
  fr: "Un problème est survenu ici. Veuillez recommencer.",
};
const incomplete = {
  en: "Something is missing in the form. Please fill it in again.",
  fr: "Il manque quelque chose dans le formulaire. Veuillez le remplir à nouveau.",
};

/**
 * Translations of Kratos' messages by their ids (text/id.go of Kratos v1.3.1). Placeholders have the names of the message's
 * context.
 *
 * Messages that are data need no translation (1050006, 1050009 and 1050015: secrets; 1070002: titles of the identity
 * schema), nor does a message whose text is an argument (4000001).
 */
export const kratosMessages: Readonly<Record<number, Translated>> = {
  1010001: signIn,
  1010002: { en: "Sign in with {provider}", fr: "Se connecter avec {provider}" },
  1010003: { en: "Please confirm that it is you.", fr: "Veuillez confirmer que c’est bien vous." },
  1010004: { en: "Please complete the second step.", fr: "Veuillez effectuer la deuxième étape." },
  1010005: { en: "Confirm", fr: "Confirmer" },
  1010006: { en: "Authentication code", fr: "Code d’authentification" },
  1010007: { en: "Backup code", fr: "Code de secours" },
  1010008: { en: "Sign in with a security key", fr: "Se connecter avec une clé de sécurité" },
  1010009: { en: "Use the authenticator app", fr: "Utiliser l’application d’authentification" },
  1010010: { en: "Use a backup code", fr: "Utiliser un code de secours" },
  1010011: { en: "Sign in with a security key", fr: "Se connecter avec une clé de sécurité" },
  1010012: {
    en: "Get your security key ready and continue.",
    fr: "Préparez votre clé de sécurité et continuez.",
  },
  1010013: next,
  1010014: codeSent,
  1010015: { en: "Send a sign-in code", fr: "Envoyer un code de connexion" },
  1010016: {
    en: "The address {duplicate_identifier} already has an account. Sign in to it to link {provider}.",
    fr: "L’adresse {duplicate_identifier} a déjà un compte. Connectez-vous pour y lier {provider}.",
  },
  1010017: { en: "Sign in and link", fr: "Se connecter et lier" },
  1010018: { en: "Confirm with {provider}", fr: "Confirmer avec {provider}" },
  1010019: { en: "Send a code to continue", fr: "Envoyer un code pour continuer" },
  1010021: { en: "Sign in with a passkey", fr: "Se connecter avec une clé d’accès" },
  1010022: signIn,
  1010023: { en: "Send a code to {address}", fr: "Envoyer un code à {address}" },
  1040001: { en: "Create the account", fr: "Créer le compte" },
  1040002: { en: "Create the account with {provider}", fr: "Créer le compte avec {provider}" },
  1040003: next,
  1040004: { en: "Create the account with a security key", fr: "Créer le compte avec une clé de sécurité" },
  1040005: codeSent,
  1040006: { en: "Send a code", fr: "Envoyer un code" },
  1040007: { en: "Create the account with a passkey", fr: "Créer le compte avec une clé d’accès" },
  1040008: { en: "Back", fr: "Retour" },
  1040009: { en: "Choose how you will sign in.", fr: "Choisissez comment vous vous connecterez." },
  1050001: { en: "Your changes are saved.", fr: "Vos modifications sont enregistrées." },
  1050002: { en: "Link {provider}", fr: "Lier {provider}" },
  1050003: { en: "Unlink {provider}", fr: "Délier {provider}" },
  1050004: { en: "Remove the authenticator app", fr: "Retirer l’application d’authentification" },
  1050005: { en: "QR code for your authenticator app", fr: "Code QR pour votre application d’authentification" },
  1050007: { en: "Show the backup codes", fr: "Afficher les codes de secours" },
  1050008: { en: "Make new backup codes", fr: "Créer de nouveaux codes de secours" },
  1050010: {
    en: "These are your backup codes. Keep them in a safe place.",
    fr: "Voici vos codes de secours. Gardez-les en lieu sûr.",
  },
  1050011: { en: "I have kept the backup codes", fr: "J’ai conservé les codes de secours" },
  1050012: { en: "Add a security key", fr: "Ajouter une clé de sécurité" },
  1050013: { en: "Name of the security key", fr: "Nom de la clé de sécurité" },
  1050014: { en: "Used", fr: "Utilisé" },
  1050016: { en: "Switch off the backup codes", fr: "Désactiver les codes de secours" },
  1050017: {
    en: "If you cannot scan the QR code, type this secret into your authenticator app:",
    fr: "Si vous ne pouvez scanner le code QR, saisissez ce secret dans votre application d’authentification :",
  },
  1050018: { en: "Remove the security key {display_name}", fr: "Retirer la clé de sécurité {display_name}" },
  1050019: { en: "Add a passkey", fr: "Ajouter une clé d’accès" },
  1050020: { en: "Remove the passkey {display_name}", fr: "Retirer la clé d’accès {display_name}" },
  1060001: {
    en: "Your e-mail address is confirmed. Please choose a new password now.",
    fr: "Votre adresse e-mail est confirmée. Choisissez maintenant un nouveau mot de passe.",
  },
  1060002: linkSent,
  1060003: codeSent,
  1070001: { en: "Password", fr: "Mot de passe" },
  1070003: { en: "Save", fr: "Enregistrer" },
  1070004: { en: "E-mail address", fr: "Adresse e-mail" },
  1070005: next,
  1070006: { en: "Confirm the code", fr: "Confirmer le code" },
  1070007: { en: "E-mail address", fr: "Adresse e-mail" },
  1070008: { en: "Send the code again", fr: "Renvoyer le code" },
  1070009: next,
  1070010: { en: "Code from the e-mail", fr: "Code reçu par e-mail" },
  1070011: { en: "Code", fr: "Code" },
  1070012: { en: "Code", fr: "Code" },
  1070013: { en: "Sign-in code", fr: "Code de connexion" },
  1070014: { en: "Sign in and link", fr: "Se connecter et lier" },
  1080001: linkSent,
  1080002: { en: "Your e-mail address is confirmed.", fr: "Votre adresse e-mail est confirmée." },
  1080003: codeSent,
  4000002: { en: "Please fill this in.", fr: "Veuillez remplir ce champ." },
  4000003: {
    en: "At least {min_length} characters are needed.",
    fr: "Il faut au moins {min_length} caractères.",
  },
  4000004: { en: "This does not have the expected form.", fr: "Ceci n’a pas la forme attendue." },
  4000005: {
    en: "This password cannot be used: {reason}.",
    fr: "Ce mot de passe ne peut être utilisé : {reason}.",
  },
  4000006: {
    en: "The e-mail address or the password is wrong.",
    fr: "L’adresse e-mail ou le mot de passe est incorrect.",
  },
  4000007: { en: "This e-mail address already has an account.", fr: "Cette adresse e-mail a déjà un compte." },
  4000008: codeInvalid,
  4000009: { en: "The e-mail address is missing.", fr: "L’adresse e-mail manque." },
  4000010: {
    en: "Your e-mail address is not confirmed yet.",
    fr: "Votre adresse e-mail n’est pas encore confirmée.",
  },
  4000011: { en: "You have no authenticator app.", fr: "Vous n’avez pas d’application d’authentification." },
  4000012: { en: "This backup code was already used.", fr: "Ce code de secours a déjà servi." },
  4000013: { en: "You have no security key.", fr: "Vous n’avez pas de clé de sécurité." },
  4000014: { en: "You have no backup codes.", fr: "Vous n’avez pas de codes de secours." },
  4000015: {
    en: "This account does not exist or has no security key.",
    fr: "Ce compte n’existe pas ou n’a pas de clé de sécurité.",
  },
  4000016: { en: "This backup code is wrong.", fr: "Ce code de secours est incorrect." },
  4000017: {
    en: "At most {max_length} characters are allowed.",
    fr: "Il faut au plus {max_length} caractères.",
  },
  4000018: { en: "The minimum is {minimum}.", fr: "Le minimum permis est {minimum}." },
  4000019: { en: "More than {minimum} is needed.", fr: "Il faut plus de {minimum}." },
  4000020: { en: "The maximum is {maximum}.", fr: "Le maximum permis est {maximum}." },
  4000021: { en: "Less than {maximum} is needed.", fr: "Il faut moins de {maximum}." },
  4000022: { en: "A multiple of {base} is needed.", fr: "Il faut un multiple de {base}." },
  4000023: { en: "At most {max_items} entries are allowed.", fr: "Il faut au plus {max_items} entrées." },
  4000024: { en: "At least {min_items} entries are needed.", fr: "Il faut au moins {min_items} entrées." },
  4000025: { en: "Two entries are the same.", fr: "Deux entrées sont identiques." },
  4000026: { en: "This does not have the expected type.", fr: "Ceci n’est pas du type attendu." },
  4000027: {
    en: "This e-mail address already has an account. Sign in to it to link the other one.",
    fr: "Cette adresse e-mail a déjà un compte. Connectez-vous pour y lier l’autre.",
  },
  4000028: {
    en: "The address {credential_identifier_hint} already has an account. Sign in to it.",
    fr: "L’adresse {credential_identifier_hint} a déjà un compte. Connectez-vous.",
  },
  4000029: { en: "This must be {expected}.", fr: "Ceci doit être {expected}." },
  4000030: { en: "This must be accepted.", fr: "Ceci doit être accepté." },
  4000031: {
    en: "This password resembles your e-mail address too much.",
    fr: "Ce mot de passe ressemble trop à votre adresse e-mail.",
  },
  4000032: {
    en: "The password needs at least {min_length} characters.",
    fr: "Le mot de passe doit avoir au moins {min_length} caractères.",
  },
  4000033: {
    en: "The password can have at most {max_length} characters.",
    fr: "Le mot de passe peut avoir au plus {max_length} caractères.",
  },
  4000034: {
    en: "This password is known from data breaches. Please choose another one.",
    fr: "Ce mot de passe figure dans des fuites de données. Choisissez-en un autre.",
  },
  4000035: {
    en: "This account does not exist or does not sign in by code.",
    fr: "Ce compte n’existe pas ou ne se connecte pas par code.",
  },
  4000036: {
    en: "This is not what you entered before. Please start again.",
    fr: "Ce n’est pas ce que vous avez saisi auparavant. Veuillez recommencer.",
  },
  4000037: {
    en: "This account does not exist or has no way to sign in.",
    fr: "Ce compte n’existe pas ou n’a aucun moyen de connexion.",
  },
  4000038: { en: "The check failed. Please try again.", fr: "La vérification a échoué. Veuillez réessayer." },
  4010001: expired,
  4010002: incomplete,
  4010003: incomplete,
  4010004: incomplete,
  4010005: incomplete,
  4010006: incomplete,
  4010007: done,
  4010008: codeInvalid,
  4010009: { en: "This is another account.", fr: "C’est un autre compte." },
  4010010: {
    en: "This account does not have that address.",
    fr: "Ce compte n’a pas cette adresse.",
  },
  4040001: expired,
  4040002: done,
  4040003: codeInvalid,
  4050001: expired,
  4060001: done,
  4060002: failed,
  4060004: codeInvalid,
  4060005: expired,
  4060006: codeInvalid,
  4070001: codeInvalid,
  4070002: done,
  4070003: failed,
  4070005: expired,
  4070006: codeInvalid,
};
