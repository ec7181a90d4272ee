/** A text inside Kratos' configuration. */
function inline(text: string): string {
  return `base64://${Buffer.from(text).toString("base64")}`;
}

const paragraphs = [
  "Saisissez ce code pour créer votre compte Bibind ou pour le récupérer :",
  "Enter this code to create your Bibind account or to recover it:",
  "{{ .RecoveryCode }}",
  "Si vous n’avez rien demandé, ne faites rien : personne ne peut agir sans ce code.",
  "If you did not ask for it, do nothing: nobody can do anything without this code.",
];

/**
 * Templates of Kratos' mails (Go templates). A registration sends the mail of a recovery, so this mail does not say whether
 * the address has an account.
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
