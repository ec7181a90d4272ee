import { fill, type Values } from "./fill.ts";
import type { Language, Translated } from "./language.ts";

/** The texts of the pages. Translations of Kratos' messages are in `kratos-messages.ts`. */
export const texts = {
  "start.title": { en: "Welcome to Bibind", fr: "Bienvenue sur Bibind" },
  "start.platform": {
    en: "This is a Bibind platform. It offers applications to teams: for their machines, their code and their automation.",
    fr: "Ceci est une plateforme Bibind. Elle offre des applications aux équipes : pour leurs machines, leur code et leur automatisation.",
  },
  "start.account": {
    en: "One account opens every application that you may use.",
    fr: "Un seul compte ouvre toutes les applications auxquelles vous avez droit.",
  },
  "start.applications": { en: "Your applications", fr: "Vos applications" },
  "start.noApplication": {
    en: "There is no application for you yet. The operators of the platform give access.",
    fr: "Il n’y a pas encore d’application pour vous. Ceux qui exploitent la plateforme donnent les accès.",
  },
  "start.works": { en: "Available", fr: "Disponible" },
  "start.fails": { en: "Not available", fr: "Indisponible" },
  "login.title": { en: "Sign in", fr: "Se connecter" },
  "login.again": { en: "Confirm that it is you", fr: "Confirmez que c’est bien vous" },
  "login.second": { en: "Second step", fr: "Deuxième étape" },
  "login.toApplication": { en: "to continue to {application}", fr: "pour continuer vers {application}" },
  "login.toRegistration": { en: "Create an account", fr: "Créer un compte" },
  "login.toRecovery": { en: "Forgot your password?", fr: "Mot de passe oublié ?" },
  "registration.title": { en: "Create your account", fr: "Créez votre compte" },
  "registration.introduction": {
    en: "We send a code to your e-mail address. Then you choose a password.",
    fr: "Nous envoyons un code à votre adresse e-mail. Vous choisissez ensuite un mot de passe.",
  },
  "registration.toLogin": { en: "Already have an account? Sign in", fr: "Vous avez déjà un compte ? Connectez-vous" },
  "recovery.title": { en: "Recover your account", fr: "Récupérez votre compte" },
  "recovery.introduction": {
    en: "We send a code to the e-mail address of your account.",
    fr: "Nous envoyons un code à l’adresse e-mail de votre compte.",
  },
  "recovery.toLogin": { en: "Back to sign in", fr: "Revenir à la connexion" },
  "verification.title": { en: "Confirm your e-mail address", fr: "Confirmez votre adresse e-mail" },
  "profile.title": { en: "Your profile", fr: "Votre profil" },
  "address.title": { en: "Change your e-mail address", fr: "Changer d’adresse e-mail" },
  "address.introduction": {
    en: "We send a code to the new address. Your account keeps its present address until you enter the code.",
    fr: "Nous envoyons un code à la nouvelle adresse. Votre compte garde l’actuelle tant que vous n’avez pas saisi le code.",
  },
  "address.sent": {
    en: "An e-mail with a code is on its way to the new address.",
    fr: "Un e-mail contenant un code est en route vers la nouvelle adresse.",
  },
  "settings.title": { en: "Your account", fr: "Votre compte" },
  "settings.toHome": { en: "Back", fr: "Retour" },
  "settings.password": { en: "New password", fr: "Nouveau mot de passe" },
  "settings.totp": { en: "Authenticator app", fr: "Application d’authentification" },
  "settings.lookup_secret": { en: "Backup codes", fr: "Codes de secours" },
  "settings.oidc": { en: "Linked accounts", fr: "Comptes liés" },
  "settings.other": { en: "Other", fr: "Autres" },
  "home.title": { en: "Your account", fr: "Votre compte" },
  "home.signedInAs": { en: "Signed in as {email}", fr: "Session ouverte : {email}" },
  "home.unverified": {
    en: "Your e-mail address is not confirmed yet.",
    fr: "Votre adresse e-mail n’est pas encore confirmée.",
  },
  "home.toVerification": { en: "Confirm it now", fr: "La confirmer maintenant" },
  "home.withheld": {
    en: "Your role needs a second step when you sign in: {roles}. Set up an authenticator app to get it.",
    fr: "Votre rôle demande une deuxième étape à la connexion : {roles}. Configurez une application d’authentification pour l’obtenir.",
  },
  "home.toSecondFactor": { en: "Set it up now", fr: "La configurer maintenant" },
  "role.operator": { en: "operator", fr: "exploitation" },
  "role.auditor": { en: "auditor", fr: "audit" },
  "role.developer": { en: "developer", fr: "développement" },
  "home.toSettings": { en: "Profile and security", fr: "Profil et sécurité" },
  "logout.title": { en: "Sign out", fr: "Se déconnecter" },
  "logout.question": { en: "Do you want to sign out?", fr: "Voulez-vous vous déconnecter ?" },
  "logout.yes": { en: "Sign out", fr: "Se déconnecter" },
  "logout.no": { en: "Stay signed in", fr: "Garder la session ouverte" },
  "consent.title": { en: "{application} asks for access", fr: "{application} demande un accès" },
  "consent.account": { en: "Your account: {email}", fr: "Votre compte : {email}" },
  "consent.introduction": { en: "If you allow it, {application} can:", fr: "Avec votre accord, {application} peut :" },
  "consent.remember": { en: "Do not ask again for 30 days", fr: "Ne plus demander pendant 30 jours" },
  "consent.allow": { en: "Allow", fr: "Autoriser" },
  "consent.deny": { en: "Refuse", fr: "Refuser" },
  "consent.withoutRoles": { en: "Continue without it", fr: "Continuer sans ce rôle" },
  "consent.anApplication": { en: "An application", fr: "Une application" },
  "password.guessable": {
    en: "This password is too easy to guess: it is common, it repeats itself, or it has your name or address. Use several words that have nothing to do with each other.",
    fr: "Ce mot de passe est trop facile à deviner : il est courant, il se répète, ou contient votre nom ou votre adresse. Utilisez plusieurs mots sans rapport entre eux.",
  },
  "limited.title": { en: "Too many attempts", fr: "Trop de tentatives" },
  "limited.password": {
    en: "Too many passwords were tried. Try again {when}, use a browser in which you have signed in before, or recover your account.",
    fr: "Trop de mots de passe ont été essayés. Réessayez {when}, utilisez un navigateur où vous vous êtes déjà connecté, ou récupérez votre compte.",
  },
  "limited.secondFactor": {
    en: "Too many codes were tried. Try again {when}, or use a browser in which you have signed in before.",
    fr: "Trop de codes ont été essayés. Réessayez {when}, ou utilisez un navigateur où vous vous êtes déjà connecté.",
  },
  "limited.code": {
    en: "Too many codes were tried. Try again {when}, or use a browser in which you have signed in before.",
    fr: "Trop de codes ont été essayés. Réessayez {when}, ou utilisez un navigateur où vous vous êtes déjà connecté.",
  },
  "limited.mail": {
    en: "Too many codes were requested. Enter the one in the latest e-mail, or try again {when}.",
    fr: "Trop de codes ont été demandés. Saisissez celui du dernier e-mail, ou réessayez {when}.",
  },
  "notice.subject": { en: "Your Bibind account changed", fr: "Votre compte Bibind a changé" },
  "notice.password": {
    en: "Your Bibind account has a new password.",
    fr: "Votre compte Bibind a un nouveau mot de passe.",
  },
  "notice.totp": {
    en: "The authenticator app of your Bibind account was changed.",
    fr: "L’application d’authentification de votre compte Bibind a changé.",
  },
  "notice.lookup_secret": {
    en: "The backup codes of your Bibind account were changed.",
    fr: "Les codes de secours de votre compte Bibind ont changé.",
  },
  "notice.address": {
    en: "Your Bibind account has another e-mail address now, and this address is no longer used.",
    fr: "Votre compte Bibind a désormais une autre adresse e-mail, et celle-ci n’est plus utilisée.",
  },
  "notice.notYou": {
    en: "If it was not you, tell the operators of your platform at once.",
    fr: "Si ce n’était pas vous, prévenez aussitôt ceux qui exploitent votre plateforme.",
  },
  "error.title": { en: "That did not work", fr: "Cela n’a pas fonctionné" },
  "error.titlePrefix": { en: "Error: ", fr: "Erreur : " },
  "error.request": {
    en: "The link or the form is no longer valid. Start again from the application that you want to use.",
    fr: "Le lien ou le formulaire n’est plus valable. Recommencez depuis l’application que vous voulez utiliser.",
  },
  "error.cookies": {
    en: "Your browser did not send back our cookie. Allow cookies for this site and try again.",
    fr: "Votre navigateur n’a pas renvoyé notre cookie. Autorisez les cookies pour ce site et réessayez.",
  },
  "error.application": {
    en: "The application requested something that it cannot have ({code}). Please contact its operators.",
    fr: "L’application a demandé ce qu’elle ne peut obtenir ({code}). Signalez-le à ceux qui l’exploitent.",
  },
  "error.server": {
    en: "Something failed on our side. Please try again in a moment.",
    fr: "Une erreur s’est produite de notre côté. Veuillez réessayer dans un instant.",
  },
  "error.notFound": { en: "There is no such page.", fr: "Cette page n’existe pas." },
  "error.reference": { en: "Reference: {reference}", fr: "Référence : {reference}" },
  "error.retry": { en: "Try again", fr: "Réessayer" },
  "error.toHome": { en: "To your account", fr: "Vers votre compte" },
  "language.en": { en: "English", fr: "Anglais" },
  "language.fr": { en: "French", fr: "Français" },
} as const satisfies Readonly<Record<string, Translated>>;

export type TextName = keyof typeof texts;

/** The text of this name, with its placeholders replaced. */
export function say(language: Language, name: TextName, values: Values = {}): string {
  const text = fill(texts[name][language], values);
  if (text === undefined) {
    throw new Error(`a placeholder of the text ${name} has no value`);
  }
  return text;
}
