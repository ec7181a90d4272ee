/** A text inside Kratos' configuration. */
function inline(text: string): string {
  return `base64://${Buffer.from(text).toString("base64")}`;
}

const paragraphs = [
  "Saisissez ce code pour créer votre compte Bibind, pour le récupérer, ou pour lui donner cette adresse :",
  "Enter this code to create your Bibind account, to recover it, or to give it this address:",
  "{{ .RecoveryCode }}",
  "Si vous n’avez rien demandé, ne faites rien et ne donnez ce code à personne : nul ne peut agir sans lui.",
  "If you did not ask for it, do nothing, and give the code to nobody: nobody can do anything without it.",
];

/**
 * Templates of Kratos' mails (Go templates). A registration and a change of the address send the mail of a recovery, so this
 * mail does not say whether the address has an account. It has no link: the code works only where it was asked for.
 */
export const mailTemplates = {
  recovery_code: {
    valid: {
      email: {
        subject: inline("Votre code Bibind · Your Bibind code"),
        body: {
          plaintext: inline(`${paragraphs.join("\n\n")}\n`),
          html: inline(paragraphs.map((paragraph) => `<p>${paragraph}</p>\n`).join("")),
        },
      },
    },
  },
};
