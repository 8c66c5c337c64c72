using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceCloud.Gallery.Store.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ScoringAndCalibrations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<float>(
                name: "template_length",
                schema: "gallery",
                table: "persons",
                type: "real",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "active_calibration",
                schema: "gallery",
                table: "galleries",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "mean_of_best",
                schema: "gallery",
                table: "galleries",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "scoring",
                schema: "gallery",
                table: "galleries",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "calibrations",
                schema: "gallery",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(64)", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    document = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_calibrations", x => new { x.tenant_id, x.gallery_id, x.version });
                    table.ForeignKey(
                        name: "FK_calibrations_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalSchema: "gallery",
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "gallery_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_persons_tenant_id_gallery_id_template_length",
                schema: "gallery",
                table: "persons",
                columns: new[] { "tenant_id", "gallery_id", "template_length" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "calibrations",
                schema: "gallery");

            migrationBuilder.DropIndex(
                name: "IX_persons_tenant_id_gallery_id_template_length",
                schema: "gallery",
                table: "persons");

            migrationBuilder.DropColumn(
                name: "template_length",
                schema: "gallery",
                table: "persons");

            migrationBuilder.DropColumn(
                name: "active_calibration",
                schema: "gallery",
                table: "galleries");

            migrationBuilder.DropColumn(
                name: "mean_of_best",
                schema: "gallery",
                table: "galleries");

            migrationBuilder.DropColumn(
                name: "scoring",
                schema: "gallery",
                table: "galleries");
        }
    }
}
